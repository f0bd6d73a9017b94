//! A server that follows a script, one answer a connection, and time that moves only while nothing else can.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with a status, headers and a body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Answers with the head and these pieces of a stream, then does what is said.
    Stream(Vec<Vec<u8>>, End),
    /// Reads the request and closes.
    Hang,
    /// Reads the request and says nothing.
    Stall,
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As HTTP ends a body.
    Whole,
    /// The connection is cut.
    Cut,
    /// Nothing more comes.
    Stall,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub at: Instant,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }
}

pub struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    closed: Option<oneshot::Receiver<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server that does each of the acts once, in order, and then answers every request with 500.
    pub async fn follow(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let (closing, closed) = oneshot::channel();
        let task = tokio::spawn(serve(listener, acts.into_iter().collect(), Arc::clone(&received), closing));
        Self { address, received, closed: Some(closed), task }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic").clone()
    }

    /// Waits until the peer of a stalled stream closes the connection.
    pub async fn peer_closed(&mut self) {
        self.closed.take().expect("asked once").await.expect("the peer closed");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    acts: Vec<Act>,
    received: Arc<Mutex<Vec<Received>>>,
    closing: oneshot::Sender<()>,
) {
    let mut acts = acts.into_iter();
    let mut stalled = Vec::new();
    let mut closing = Some(closing);
    while let Ok((mut socket, _)) = listener.accept().await {
        let Some(request) = read(&mut socket).await else { continue };
        received.lock().expect("no panic").push(request);
        let act = acts.next().unwrap_or_else(|| Act::Answer(500, Vec::new(), "the script is over".to_owned()));
        match play(&mut socket, act).await {
            End::Whole => drop(socket.shutdown().await),
            End::Cut => socket.set_zero_linger().expect("a socket that can be reset"),
            End::Stall => {
                let closing = closing.take();
                stalled.push(tokio::spawn(async move {
                    let mut rest = [0; 64];
                    while matches!(socket.read(&mut rest).await, Ok(read) if read > 0) {}
                    closing.map(|closing| closing.send(()))
                }));
            }
        }
    }
}

async fn play(socket: &mut TcpStream, act: Act) -> End {
    match act {
        Act::Answer(status, headers, body) => {
            let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let headers = headers.concat();
            let length = body.len();
            let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n");
            write(socket, format!("{head}{body}").as_bytes()).await;
            End::Whole
        }
        Act::Stream(pieces, end) => {
            let head = "HTTP/1.1 200 x\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\
                        x-ratelimit-remaining-requests: 7\r\ntransfer-encoding: chunked\r\n\r\n";
            write(socket, head.as_bytes()).await;
            for piece in pieces {
                write(socket, format!("{:x}\r\n", piece.len()).as_bytes()).await;
                write(socket, &piece).await;
                write(socket, b"\r\n").await;
                tokio::task::yield_now().await;
            }
            if end == End::Whole {
                write(socket, b"0\r\n\r\n").await;
            }
            end
        }
        Act::Hang => End::Cut,
        Act::Stall => End::Stall,
    }
}

/// The peer may be gone already, which is part of some scripts.
async fn write(socket: &mut TcpStream, bytes: &[u8]) {
    let _ = socket.write_all(bytes).await;
    let _ = socket.flush().await;
}

async fn read(socket: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let line = lines.next()?.to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    while bytes.len() < end + length.unwrap_or(0) {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received { line, headers, body: String::from_utf8(bytes.split_off(end)).ok()?, at: Instant::now() })
}

/// Runs a future in a time that stands still while sockets have something to do and otherwise moves by itself, so that
/// waits of minutes pass in a moment.
pub async fn in_driven_time<T>(future: impl Future<Output = T>) -> T {
    in_time_driven_by(Duration::from_millis(10), future).await
}

/// The same, with a time that moves this far at once.
pub async fn in_time_driven_by<T>(step: Duration, future: impl Future<Output = T>) -> T {
    tokio::time::pause();
    // While a blocking task runs, paused time does not jump ahead of the sockets.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let guard = tokio::task::spawn_blocking(move || held.recv());
    let mut future = pin!(future);
    let output = loop {
        tokio::select! {
            biased;
            output = &mut future => break output,
            () = settle() => tokio::time::advance(step).await,
        }
    };
    drop(release);
    let _ = guard.await;
    tokio::time::resume();
    output
}

/// Lets sockets and tasks do what they can.
async fn settle() {
    for _ in 0..40 {
        tokio::task::yield_now().await;
    }
}
