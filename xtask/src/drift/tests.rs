//! Tests of the three sides: pages in the vendor's form, written here.

mod acceptance;
mod cells;
mod documents;
mod fixtures;
mod ranges;
pub mod render;
mod seeded;
mod seeds;
pub mod sides;
