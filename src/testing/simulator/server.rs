//! Connections: hyper with a loop of its own around it, because a service that axum takes cannot cut a connection.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::service::Service;

/// Wait after a connection could not be taken, as when the process has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes connections for ever. When the future is dropped, all of them are closed.
pub(super) async fn serve(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((socket, _)) => drop(connections.spawn(converse(socket, Arc::clone(&service)))),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(socket: TcpStream, service: Arc<Service>) {
    // Small pieces are to arrive as they are sent; without it they only arrive later.
    let _ = socket.set_nodelay(true);
    let answer = service_fn(move |request| Arc::clone(&service).answer(request));
    // An error is a peer that went away, or a cut that was asked for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await;
}
