//! The blocks of a page that matter: headings and tables.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// Its level, 1 being the title.
        level: usize,
        /// Its text.
        text: String,
    },
    /// A table.
    Table {
        /// The head.
        head: Vec<Cell>,
        /// The rows, each as long as the head.
        rows: Vec<Vec<Cell>>,
    },
    /// A paragraph.
    Paragraph(String),
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text; what is code stands in backticks.
    pub text: String,
    /// Targets of its links.
    pub links: Vec<String>,
}

impl Cell {
    /// The text without marks of code.
    pub fn bare(&self) -> String {
        self.text.replace('`', "").trim().to_owned()
    }
}

/// Splits a page into what stands between its `---` lines and the rest.
pub fn split_front_matter(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let end = rest.find("\n---")?;
    Some((&rest[..end], rest[end + "\n---".len()..].split_once('\n').map_or("", |(_, body)| body)))
}

/// The blocks of a page, without quotations and examples.
pub fn blocks(text: &str) -> Vec<Block> {
    // The marks of notes would draw the first line of a table into a paragraph.
    let text: Vec<&str> =
        text.lines().map(|line| if line.trim_start().starts_with(":::") { "" } else { line }).collect();
    let text = text.join("\n");
    let mut reader = Reader::default();
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        reader.take(event);
    }
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// How deep in quotations and code it is.
    outside: usize,
    cell: Cell,
    row: Vec<Cell>,
    head: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::BlockQuote(_) | Tag::CodeBlock(_)) => self.outside += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::CodeBlock) => self.outside -= 1,
            _ if self.outside > 0 => {}
            Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::TableCell) => self.cell = Cell::default(),
            Event::Start(Tag::Link { dest_url, .. }) => self.cell.links.push(dest_url.into_string()),
            Event::End(TagEnd::Heading(level)) => {
                let text = std::mem::take(&mut self.cell).bare();
                self.blocks.push(Block::Heading { level: level as usize, text });
            }
            Event::End(TagEnd::Paragraph) => self.blocks.push(Block::Paragraph(std::mem::take(&mut self.cell).text)),
            Event::End(TagEnd::TableCell) => self.row.push(std::mem::take(&mut self.cell)),
            Event::End(TagEnd::TableHead) => self.head = std::mem::take(&mut self.row),
            Event::End(TagEnd::TableRow) => self.rows.push(std::mem::take(&mut self.row)),
            Event::End(TagEnd::Table) => {
                let (head, rows) = (std::mem::take(&mut self.head), std::mem::take(&mut self.rows));
                self.blocks.push(Block::Table { head, rows });
            }
            Event::Code(code) => {
                self.cell.text.push('`');
                self.cell.text.push_str(&code);
                self.cell.text.push('`');
            }
            Event::Text(text) => self.cell.text.push_str(&text),
            // Lists in cells are flattened to ` - `; some pages break lines instead.
            Event::InlineHtml(html) if html.starts_with("<br") => self.cell.text.push_str(" - "),
            Event::InlineHtml(html) => self.cell.text.push_str(&html),
            Event::SoftBreak | Event::HardBreak => self.cell.text.push(' '),
            _ => {}
        }
    }
}
