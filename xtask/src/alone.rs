//! xtask without the client: it looks at the document also while the client cannot be built from it. What needs the
//! client, and the help that lists everything, it leaves to xtask with the client, which cargo builds when asked.

use std::env;
use std::process::{Command, ExitCode};

/// Commands that need no client.
const ALONE: [&str; 5] = ["diff", "drift", "expand", "lint", "scaffold"];

/// What makes such a command need it.
const LIVE: &str = "--live";

/// Runs xtask with the client where it takes one, and says how that ended.
pub fn pass_on() -> Option<ExitCode> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let alone = arguments.first().is_some_and(|first| ALONE.iter().any(|command| first == command));
    if alone && !arguments.iter().any(|argument| argument == LIVE) {
        return None;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(["run", "--quiet", "--package", "xtask", "--"]).args(arguments).status();
    Some(match status.map(|status| status.code()) {
        Ok(Some(0)) => ExitCode::SUCCESS,
        Ok(Some(1)) => ExitCode::from(1),
        // Where the client cannot be built, cargo has said why.
        Ok(_) => ExitCode::from(2),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::from(2)
        }
    })
}
