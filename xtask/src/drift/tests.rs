//! Tests of the three sides: pages in the vendor's form, written here.

mod fixtures;
pub mod render;
mod seeded;
mod seeds;
pub mod sides;
