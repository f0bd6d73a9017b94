//! Reads dates in three languages.

use super::words;

/// The day in a text such as `2025년 7월 29일` or `July 29, 2025`.
pub fn day(heading: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let heading = words::plain(heading).to_lowercase();
    let numbers =
        heading.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse::<u32>().ok());
    let numbers: Vec<u32> = numbers.collect();
    let month = MONTHS.iter().position(|name| {
        heading.split(|letter: char| !letter.is_ascii_alphabetic()).any(|word| word.starts_with(name))
    });
    let month = month.and_then(|month| u32::try_from(month + 1).ok());
    let (year, month, day) = match (numbers.as_slice(), month) {
        ([year, month, day, ..], None) => (*year, *month, *day),
        ([day, year, ..], Some(month)) => (*year, month, *day),
        _ => return None,
    };
    (year > 2000 && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}
