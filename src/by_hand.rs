//! Answers, events and failures by hand, so that code that takes them can be tested without a server. Those of chats
//! are in `chat::by_hand`.

mod answers;
mod events;
mod failures;
