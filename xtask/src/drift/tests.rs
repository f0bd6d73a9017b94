//! Tests of the three sides: pages in the vendor's form, written here.

mod fixtures;
mod render;
mod seeded;
mod seeds;
mod sides;
