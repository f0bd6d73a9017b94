//! Rewrites the lock after review: from pages, or from what the document says first.

use std::collections::{BTreeMap, BTreeSet};

use super::accepted::{Accepted, Checked};
use super::compare::{Sides, Unstated};
use super::document::DocumentFacts;
use super::facts::{Key, Section};
use super::lock::{Basis, Entry, Lock, LockedPage, OVERVIEW};
use super::page::{ReadPage, Told};
use super::statement::Statement;

/// Takes what the document says and no page does into the lock, as a fact of the page that the operation links to. What
/// a page says otherwise, and what is accepted, stays as it is. Tells how many facts came and went.
pub fn from_document(lock: &mut Lock, facts: &DocumentFacts<'_>, accepted: &Accepted) -> usize {
    let mut count = forget_document(lock, facts);
    loop {
        let sides = Sides::new(lock, facts);
        let unstated = sides.unstated().into_iter().filter(|unstated| {
            let left = accepted.apply(vec![unstated.finding.clone()], &Checked::default());
            left.iter().any(|finding| finding.fingerprint() == unstated.finding.fingerprint())
        });
        let additions: Vec<_> = unstated.filter_map(|unstated| addition(lock, unstated)).collect();
        if additions.is_empty() {
            return count;
        }
        count += additions.len();
        for (slug, section, key, entry) in additions {
            lock.pages.entry(slug).or_default().facts.entry(section).or_default().insert(key, entry);
        }
    }
}

/// Facts that only the document ever said are what it says now.
fn forget_document(lock: &mut Lock, facts: &DocumentFacts<'_>) -> usize {
    let mut stale = Vec::new();
    {
        let sides = Sides::new(lock, facts);
        for (slug, page) in &lock.pages {
            for (section, entries) in &page.facts {
                for (key, entry) in entries {
                    let Some(said) = entry.hand.get(&Basis::Document) else { continue };
                    let ours = sides.ours(slug, section, key).map(|ours| &ours.statement);
                    let holds =
                        |ours: &Statement| said.iter().all(|(attribute, said)| ours.get(attribute) == Some(said));
                    if !ours.is_some_and(holds) {
                        stale.push((slug.clone(), section.clone(), key.clone()));
                    }
                }
            }
        }
    }
    for (slug, section, key) in &stale {
        let entries = lock.pages.get_mut(slug).and_then(|page| page.facts.get_mut(section));
        if let Some(entries) = entries {
            entries.entry(key.clone()).and_modify(|entry| drop(entry.hand.remove(&Basis::Document)));
            entries.retain(|_, entry| !entry.is_empty());
        }
    }
    stale.len()
}

fn addition(lock: &Lock, unstated: Unstated<'_>) -> Option<(String, Section, Key, Entry)> {
    let Unstated { page, section, ours, attribute, .. } = unstated;
    let section = lock.pages.get(&page).map_or(section.clone(), |page| page.describing(&section));
    let key = Key::new(&section.part, &ours.path);
    let known = lock.pages.get(&page).and_then(|page| page.entry(&section, &key)).cloned();
    let mut entry = known.unwrap_or_else(|| Entry { path: ours.path.clone(), ..Entry::default() });
    let said = match attribute {
        None => ours.statement.clone(),
        Some(attribute) => {
            let said = ours.statement.get(attribute).filter(|_| entry.statement().get(attribute).is_none())?;
            entry.hand.get(&Basis::Document).cloned().unwrap_or_default().with(attribute, said.clone())
        }
    };
    entry.hand.insert(Basis::Document, said);
    Some((page, section, key, entry))
}

/// Takes over what pages say now. What was added by hand stays where the page does not tell it. Facts of pages that were
/// not read stay as they are. Tells how many facts changed.
pub fn from_pages(lock: &mut Lock, facts: &DocumentFacts<'_>, pages: &[&ReadPage]) -> usize {
    let mut count = 0;
    for read in pages {
        let old = lock.pages.get(&read.slug).cloned().unwrap_or_default();
        let new = Sides::new(lock, facts).renewed(&old, read);
        count += changes(&old, &new);
        lock.pages.insert(read.slug.clone(), new);
    }
    count
}

impl Sides<'_> {
    fn renewed(&self, old: &LockedPage, read: &ReadPage) -> LockedPage {
        let mut page = LockedPage { withdrawn: false, ..old.clone() };
        page.dates.extend(read.date.clone().map(|date| (read.edition, date)));
        for entries in page.facts.values_mut() {
            for entry in entries.values_mut() {
                entry.page = None;
            }
        }
        for (section, told) in &read.facts {
            let known = old.facts.get(section);
            for (key, told) in told {
                let is_new = known.is_none_or(|known| !known.contains_key(key));
                if is_new && read.slug != OVERVIEW && self.is_repeated(section, key, told) {
                    continue;
                }
                let entry = page.facts.entry(section.clone()).or_default().entry(key.clone()).or_default();
                entry.path.clone_from(&told.path);
                entry.page = Some(told.statement.clone());
                entry.hand = beyond(&entry.hand, &told.statement);
            }
        }
        for entries in page.facts.values_mut() {
            entries.retain(|_, entry| !entry.is_empty());
        }
        page.facts.retain(|_, entries| !entries.is_empty());
        page
    }

    /// Whether a page only repeats what the overview says of all.
    fn is_repeated(&self, section: &Section, key: &Key, told: &Told) -> bool {
        let common = self.common(section, key);
        common.is_some_and(|common| told.statement.iter().all(|(attribute, said)| common.get(attribute) == Some(said)))
    }
}

/// What was added by hand and the page does not tell.
fn beyond(hand: &BTreeMap<Basis, Statement>, page: &Statement) -> BTreeMap<Basis, Statement> {
    let left = hand.iter().map(|(basis, statement)| {
        let mut statement = statement.clone();
        for (attribute, said) in page.iter() {
            let adds =
                statement.get(attribute).is_some_and(|hand| !hand.words().is_empty() && !said.has_words_of(hand));
            if !adds {
                statement.unsay(attribute);
            }
        }
        (*basis, statement)
    });
    left.filter(|(_, statement)| !statement.is_empty()).collect()
}

fn changes(old: &LockedPage, new: &LockedPage) -> usize {
    let pages = [old, new].into_iter();
    let keys = pages
        .flat_map(|page| page.facts.iter())
        .flat_map(|(section, entries)| entries.keys().map(move |key| (section, key)));
    let keys: BTreeSet<(&Section, &Key)> = keys.collect();
    let changed = keys.iter().filter(|(section, key)| old.entry(section, key) != new.entry(section, key));
    changed.count() + usize::from(old.dates != new.dates)
}
