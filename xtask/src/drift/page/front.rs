//! What a page tells about itself: name, edition, date; and the base of its paths.

use super::ReadPage;
use super::markdown::Block;
use crate::build::document::Document;
use crate::drift::lock::Edition;

/// What a page tells about itself.
pub fn read(name: &str, front: &str, blocks: &[Block]) -> ReadPage {
    let root = Document::parse(name, front).map(|document| document.root).unwrap_or_default();
    let text = |key: &str| root[key].as_str().map(str::to_owned);
    let date = text("updated").or_else(|| text("published"));
    let is_government = text("canonical").is_some_and(|canonical| canonical.contains("-gov."));
    ReadPage {
        slug: text("slug").unwrap_or_else(|| name.to_owned()),
        edition: if is_government { Edition::Government } else { edition(blocks) },
        date: date.map(|date| date.chars().take("2026-01-31".len()).collect()),
        is_stale: root["stale"] == true,
        ..ReadPage::default()
    }
}

/// The language of the headings.
fn edition(blocks: &[Block]) -> Edition {
    let headings =
        blocks.iter().filter_map(|block| if let Block::Heading { text, .. } = block { Some(text) } else { None });
    let letters: String = headings.map(String::as_str).collect();
    if letters.contains(|letter| matches!(letter, '\u{ac00}'..='\u{d7a3}')) {
        Edition::Korean
    } else if letters.contains(|letter| matches!(letter, '\u{3040}'..='\u{30ff}')) {
        Edition::Japanese
    } else {
        Edition::English
    }
}

/// The path that the paths of a page are to be added to: that of the base URL it gives.
pub fn base(blocks: &[Block]) -> String {
    let paragraphs =
        blocks.iter().filter_map(|block| if let Block::Paragraph(text) = block { Some(text) } else { None });
    let urls = paragraphs.flat_map(|text| text.split([' ', '`', '"', '(', ')', '<', '>']));
    let paths = urls.filter_map(|url| url.strip_prefix("https://clovastudio.")?.split_once('/')).map(|(_, path)| path);
    paths
        .map(|path| path.trim_end_matches('/'))
        .find(|path| !path.is_empty())
        .map_or(String::new(), |path| format!("/{path}"))
}
