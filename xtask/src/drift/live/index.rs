//! The index of all pages, `llms.txt`.

use std::collections::BTreeSet;

use crate::drift::lock::OVERVIEW;

/// The slugs of the pages about CLOVA Studio that an index links to, in whatever form.
pub fn slugs(text: &str) -> Vec<String> {
    let is_end = |letter: char| letter.is_whitespace() || "()<>[]\"'`,".contains(letter);
    let links = text.split(is_end).filter(|word| word.contains('/'));
    let slugs: BTreeSet<String> = links.filter_map(slug).filter(|slug| is_ours(slug)).collect();
    slugs.into_iter().collect()
}

/// The last part of a link, without query, anchor and extension.
fn slug(link: &str) -> Option<String> {
    let path = link.split(['?', '#']).next()?;
    let last = path.trim_end_matches(['/', '.', ':']).rsplit('/').next()?;
    Some(last.strip_suffix(".md").unwrap_or(last).to_owned())
}

fn is_ours(slug: &str) -> bool {
    slug.starts_with("clovastudio-") || slug == OVERVIEW
}

#[cfg(test)]
mod tests {
    use super::slugs;

    #[test]
    fn links_of_every_form_are_found_once() {
        let text = "# Index\n\n\
            - [Router](https://api.ncloud-docs.com/docs/clovastudio-router.md): how to route\n\
            - [Router (en)](https://api.ncloud-docs.com/docs/en/clovastudio-router)\n\
            <https://api.ncloud-docs.com/release-20261022/docs/clovastudio-sliding.md?x=1#top>\n\
            See /docs/ai-naver-clovastudio-summary.\n\
            - [Server](https://api.ncloud-docs.com/docs/compute-vserver.md)\n\
            clovastudio-words-without-a-link\n";
        assert_eq!(slugs(text), ["ai-naver-clovastudio-summary", "clovastudio-router", "clovastudio-sliding"]);
    }
}
