//! Every kind of change, singly and in pairs, over all pages: each is found, named right and judged right.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::thread;

use super::render::{Damage, Style, render};
use super::seeds::{Change, Seed, seeds};
use super::sides::lock;
use crate::drift::compare::Sides;
use crate::drift::document::DocumentFacts;
use crate::drift::facts::Part;
use crate::drift::lock::{Lock, LockedPage};
use crate::drift::page;
use crate::finding::{Class, Finding};
use crate::workspace;

/// How many pairs of changes are tried, out of all that are possible. The choice is the same each time.
const PAIRS: usize = 4000;

/// What a finding is: its rule, what it is about, what it means.
type Verdict = (&'static str, String, Option<Class>);

fn verdict(finding: Finding) -> Verdict {
    // A table is named by its heading, which differs by language.
    let subject = match finding.rule {
        "unreadable-table" => finding.subject.split(' ').next().unwrap_or_default().to_owned(),
        _ => finding.subject,
    };
    (finding.rule, subject, finding.class)
}

/// What is found on a page with changes that should not be, and what is not found that should be.
fn wrong(sides: &Sides<'_>, slug: &str, page: &LockedPage, style: Style, changes: &[&Seed]) -> Option<String> {
    let (mut page, mut damage) = (page.clone(), Damage::default());
    // Additions first, so that what they are in is still there.
    let (added, others): (Vec<&Seed>, Vec<&Seed>) =
        changes.iter().copied().partition(|seed| matches!(seed.change, Change::Add(..)));
    let (inner, mut outer): (Vec<&Seed>, Vec<&Seed>) =
        others.into_iter().partition(|seed| !matches!(seed.change, Change::Rename(_)));
    // From within, and the path of an operation last, since its sections follow it.
    let depth = |seed: &Seed| Reverse(seed.subject.matches('.').count());
    outer.sort_by_key(|seed| (seed.section.part == Part::Operations, depth(seed)));
    for seed in added.iter().chain(&inner).chain(&outer) {
        seed.apply(&mut page, &mut damage);
    }
    let text = render(slug, &page, style, &damage);
    let found: BTreeSet<Verdict> = sides.page(&page::read(slug, &text)).into_iter().map(verdict).collect();
    let expected: BTreeSet<Verdict> =
        changes.iter().map(|seed| (seed.rule, seed.subject_beside(changes), seed.class)).collect();
    (found != expected).then(|| format!("{style:?}\n{changes:#?}\nexpected {expected:#?}\nfound {found:#?}\n{text}"))
}

/// Runs checks on all cores, and fails with the first ones that fail.
fn check_all(lock: &Lock, checks: &[(&str, Style, Vec<&Seed>)]) {
    let document = workspace::document().expect("the document parses");
    let facts = DocumentFacts::read(&document);
    let sides = Sides::new(lock, &facts);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let failures: Vec<String> = thread::scope(|scope| {
        let parts = checks.chunks(checks.len().div_ceil(cores)).map(|part| {
            let sides = &sides;
            scope.spawn(move || {
                let failures = part
                    .iter()
                    .filter_map(|(slug, style, changes)| wrong(sides, slug, &lock.pages[*slug], *style, changes));
                failures.collect::<Vec<_>>()
            })
        });
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().expect("no check panics")).collect()
    });
    let first = failures.first().map_or("", String::as_str);
    assert!(failures.is_empty(), "{} of {} failed; the first:\n{first}", failures.len(), checks.len());
}

fn pages(lock: &Lock) -> Vec<(&str, Vec<Seed>)> {
    let pages = lock.pages.iter().filter(|(_, page)| !page.withdrawn);
    pages.map(|(slug, page)| (slug.as_str(), seeds(slug, page))).collect()
}

#[test]
fn each_change_is_found_and_named_right() {
    let lock = lock();
    let pages = pages(&lock);
    let all: Vec<(&str, &Seed)> =
        pages.iter().flat_map(|(slug, seeds)| seeds.iter().map(|seed| (*slug, seed))).collect();
    // Every change in one style, every style with every kind of change.
    let styles: Vec<Style> = Style::all().collect();
    let checks = all.iter().enumerate().map(|(index, (slug, seed))| (*slug, styles[index % styles.len()], vec![*seed]));
    check_all(&lock, &checks.collect::<Vec<_>>());
    let mut rules: Vec<&str> = all.iter().map(|(_, seed)| seed.rule).collect();
    rules.sort_unstable();
    let mut counts = Vec::new();
    for rule in rules.chunk_by(|one, other| one == other) {
        counts.push(format!("{} {}", rule.len(), rule[0]));
    }
    println!("{} pages, {} changes: {}", pages.len(), all.len(), counts.join(", "));
}

#[test]
fn changes_in_pairs_are_found_and_named_right() {
    let lock = lock();
    let pages = pages(&lock);
    let styles: Vec<Style> = Style::all().collect();
    let possible: usize = pages.iter().map(|(_, seeds)| seeds.len() * (seeds.len().saturating_sub(1)) / 2).sum();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut checks = Vec::new();
    while checks.len() < PAIRS {
        let (slug, seeds) = &pages[random.below(pages.len())];
        let (one, other) = (&seeds[random.below(seeds.len())], &seeds[random.below(seeds.len())]);
        if one.goes_with(other, &lock.pages[*slug]) {
            checks.push((*slug, styles[checks.len() % styles.len()], vec![one, other]));
        }
    }
    check_all(&lock, &checks);
    println!("{} pairs of changes out of {possible}", checks.len());
}

/// Runs every week, in `.github/workflows/drift.yml`. Tests of every change take the sample above.
#[test]
#[ignore = "takes a quarter of an hour on two cores in a release build"]
fn all_pairs_of_changes_are_found_and_named_right() {
    let lock = lock();
    let styles: Vec<Style> = Style::all().collect();
    let mut checks = Vec::new();
    let pages = pages(&lock);
    for (slug, seeds) in &pages {
        for (index, one) in seeds.iter().enumerate() {
            for other in seeds[index + 1..].iter().filter(|other| one.goes_with(other, &lock.pages[*slug])) {
                checks.push((*slug, styles[checks.len() % styles.len()], vec![one, other]));
            }
        }
    }
    check_all(&lock, &checks);
    println!("{} pairs of changes", checks.len());
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("the limit is a size")
    }
}
