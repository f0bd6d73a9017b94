//! Speed of the decoder of server-sent events, beside `eventsource-stream`.
//!
//! Both get the same chunks and hand out the same owned events. The streams hold
//! no byte order mark: `eventsource-stream` 0.2.3 panics on one.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Duration;

use clovastudio::sse::Decoder;
use criterion::{BenchmarkId, Criterion, Throughput};
use eventsource_stream::Eventsource;
use futures_util::{FutureExt, StreamExt, stream};

/// Counts the bytes of data, so that nothing can be left out.
fn own(chunks: &[&[u8]]) -> usize {
    let mut decoder = Decoder::new();
    let mut total = 0;
    for chunk in chunks {
        decoder.push(chunk);
        while let Ok(Some(frame)) = decoder.next_frame() {
            total += black_box(frame).data.len();
        }
    }
    total
}

fn eventsource_stream(chunks: &[&[u8]]) -> usize {
    let chunks = chunks.iter().map(Ok::<_, Infallible>);
    let mut events = stream::iter(chunks).eventsource();
    let mut total = 0;
    // The chunks are all there, so nothing is ever pending.
    while let Some(Some(Ok(event))) = events.next().now_or_never() {
        total += black_box(event).data.len();
    }
    total
}

/// A stream of tokens: 10 000 events of about 300 bytes.
fn tokens() -> Vec<u8> {
    let words = ["안녕", "하세요", ", 저는", " CLOVA", " X", "입니다."];
    let event = |(number, word): (u32, &str)| {
        format!(
            "id:{number:08x}-d49a-4fff-9335-a19e5abfcff1\nevent:token\n\
             data:{{\"message\":{{\"role\":\"assistant\",\"content\":\"{word}\",\
             \"thinkingContent\":\"{filler}\"}},\"finishReason\":null,\
             \"created\":1749810707,\"seed\":1775609431,\"usage\":null}}\n\n",
            filler = "가".repeat(30),
        )
    };
    let words = words.into_iter().cycle();
    (0..10_000).zip(words).map(event).collect::<String>().into()
}

/// One event with 4 MiB of data in one line.
fn large() -> Vec<u8> {
    format!("event:result\ndata:{}\n\n", "가나다라 abc ".repeat(246_724)).into()
}

/// Cuts into chunks of 1 to 4 KiB, as they come from a network.
fn network_chunks(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut chunks = Vec::new();
    for length in [1024, 4096, 1460, 2920, 1300].into_iter().cycle() {
        let (chunk, rest) = bytes.split_at(bytes.len().min(length));
        chunks.push(chunk);
        bytes = rest;
        if bytes.is_empty() {
            break;
        }
    }
    chunks
}

fn compare(criterion: &mut Criterion, name: &str, chunks: &[&[u8]]) {
    assert_eq!(own(chunks), eventsource_stream(chunks), "same data in {name}");
    let bytes = chunks.iter().map(|chunk| chunk.len() as u64).sum();
    let mut group = criterion.benchmark_group("sse");
    group
        .throughput(Throughput::Bytes(bytes))
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    group.bench_function(BenchmarkId::new("clovastudio", name), |bencher| {
        bencher.iter(|| own(chunks));
    });
    group.bench_function(BenchmarkId::new("eventsource-stream", name), |bencher| {
        bencher.iter(|| eventsource_stream(chunks));
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let tokens = tokens();
    let large = large();
    compare(&mut criterion, "tokens, 1-4 KiB chunks", &network_chunks(&tokens));
    compare(&mut criterion, "tokens, 1-byte chunks", &tokens.chunks(1).collect::<Vec<_>>());
    compare(&mut criterion, "4 MiB event, 16 KiB chunks", &large.chunks(16_384).collect::<Vec<_>>());
    criterion.final_summary();
}
