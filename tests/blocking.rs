//! Waiting without `async`.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use clovastudio::blocking::{Client, Iterate, Wait};
use clovastudio::raw::types::{ChatMessage, ChatV1Request};
use clovastudio::testing::Simulator;
use clovastudio::{CallOptions, ChatEvent, ErrorKind, RetryPolicy, StreamEvent};
use tokio::runtime::{Builder, Runtime};

/// A simulator on a runtime of its own, which other threads drive.
struct Service {
    simulator: Simulator,
    _runtime: Runtime,
}

impl Service {
    fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let simulator = runtime.block_on(Simulator::start()).expect("a simulator");
        Self { simulator, _runtime: runtime }
    }

    fn client(&self) -> Client {
        Client::builder().api_key("nv-test").base_url(self.simulator.base_url()).build().expect("a client")
    }
}

#[test]
fn every_kind_of_call_is_waited_for() {
    let service = Service::start();
    let client = service.client();
    let options = CallOptions::new().request_id("order-4711");
    let reply = client.chat("HCX-005").user("안녕").max_tokens(256).with(options).send().wait().expect("an answer");
    assert!(!reply.text().is_empty());
    assert_eq!((reply.request_id(), reply.attempts()), ("order-4711", 1));
    let vector = client.embedding_v2("안녕").send().wait().expect("an answer");
    assert!(vector.embedding.is_some());
    let models = client.openai_models().send().wait().expect("an answer");
    assert!(!models.data.is_empty());
}

#[test]
fn a_stream_is_an_iterator_and_ends_in_the_whole_reply() {
    let service = Service::start();
    let client = service.client();
    let mut stream = client.chat("HCX-005").user("안녕").stream().wait().expect("a stream");
    let mut text = String::new();
    let mut finished = false;
    for event in stream.iterate() {
        match event.expect("an event") {
            ChatEvent::Text(piece) => text.push_str(&piece),
            ChatEvent::Finished(_) => finished = true,
            _ => {}
        }
    }
    assert!(finished && stream.iterate().next().is_none());
    let reply = stream.into_reply().expect("the stream was read to its end");
    assert_eq!(reply.text(), text);
    assert!(!text.is_empty());
}

#[test]
fn a_stream_is_read_to_its_end_at_once() {
    let service = Service::start();
    let request = ChatV1Request::builder().messages(vec![ChatMessage::user("안녕")]);
    let stream = service.client().chat_v1("HCX-003", request).stream().wait().expect("a stream");
    let mut pieces = String::new();
    let reply = stream.collect_with(|event| pieces.push_str(event.text().unwrap_or_default())).wait();
    let reply = reply.expect("the whole reply");
    assert!(!reply.text().is_empty());
    assert_eq!(reply.text(), pieces);
}

#[test]
fn an_iterator_left_early_leaves_the_rest_in_the_stream() {
    let service = Service::start();
    let stream = || service.client().chat("HCX-005").user("안녕").stream().wait().expect("a stream");
    let mut texts = stream().into_text_stream();
    let whole: String = texts.iterate().map(|text| text.expect("a text")).collect();
    let mut texts = stream().into_text_stream();
    let first = texts.iterate().next().expect("a text").expect("no error");
    let rest: String = texts.iterate().map(|text| text.expect("a text")).collect();
    assert!(!rest.is_empty());
    assert_eq!(first + &rest, whole);
}

#[test]
fn errors_are_those_of_the_client() {
    let service = Service::start();
    let wrong = Client::builder().api_key("wrong").base_url(service.simulator.base_url()).build().expect("a client");
    let error = wrong.chat("HCX-005").user("안녕").send().wait().expect_err("the key is refused");
    assert!(error.is_auth(), "{error}");
    let error = service.client().chat("HCX-005").send().wait().expect_err("no message");
    assert_eq!(error.kind(), ErrorKind::Request);
    let nobody = Client::builder().api_key("nv-test").base_url("http://127.0.0.1:9").retry(RetryPolicy::none());
    let call = nobody.build().expect("a client").chat("HCX-005").user("안녕");
    assert!(call.send().wait().expect_err("nobody listens").is_connect());
}

#[test]
fn timers_run_while_a_thread_waits() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port of loopback");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let builder = Client::builder().api_key("nv-test").base_url(url).retry(RetryPolicy::none());
    let client = builder.timeout(Duration::from_millis(200)).build().expect("a client");
    let error = client.chat("HCX-005").user("안녕").send().wait().expect_err("nobody answers");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.elapsed() >= Duration::from_millis(200), "{error:?}");
}

#[test]
fn many_threads_share_a_client() {
    let service = Service::start();
    let client = service.client();
    let answers: Vec<_> = thread::scope(|scope| {
        let ask = || client.chat("HCX-005").user("안녕").send().wait();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|reply| !reply.text().is_empty())), "{answers:?}");
}

#[test]
fn inside_a_runtime_waiting_is_an_error() {
    let service = Service::start();
    let client = service.client();
    let mut stream = client.chat("HCX-005").user("안녕").stream().wait().expect("a stream");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let errors = runtime.block_on(async {
        let call = client.chat("HCX-005").user("안녕").send().wait().expect_err("a blocking call");
        let mut items = stream.iterate();
        let item = items.next().expect("an item").expect_err("a blocking read");
        assert!(items.next().is_none(), "a loop over the items ends");
        [call, item]
    });
    for error in errors {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0), "{error}");
        assert!(error.to_string().contains(".await"), "{error}");
    }
    assert!(stream.iterate().all(|event| event.is_ok()), "the stream is as it was");
    stream.into_reply().expect("the whole reply");
}

#[test]
fn a_client_serves_both_worlds() {
    let service = Service::start();
    let client = service.client();
    client.embedding_v2("안녕").send().wait().expect("an answer");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(client.embedding_v2("안녕").send()).expect("an answer");
    drop(runtime);
    client.embedding_v2("안녕").send().wait().expect("an answer after the runtime is gone");
}
