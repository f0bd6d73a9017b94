//! The version that changes demand, by the rules of cargo.

use semver::Version;
use serde::Serialize;

use crate::finding::Class;

/// What a version has to say about the changes since another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Demand {
    /// Version before the changes.
    pub base: Version,
    /// The least version that the changes may have.
    pub demanded: Version,
    /// The version that they have.
    pub current: Version,
}

impl Demand {
    /// What the worst of some changes demands; nothing new when there are none.
    pub fn new(base: Version, current: Version, worst: Option<Class>) -> Self {
        let demanded = worst.map_or_else(|| base.clone(), |worst| next(&base, worst));
        Self { base, demanded, current }
    }

    /// Whether the version is enough. A pre-release counts as the version that it comes before.
    pub fn is_met(&self) -> bool {
        numbers(&self.current) >= numbers(&self.demanded)
    }
}

const fn numbers(version: &Version) -> (u64, u64, u64) {
    (version.major, version.minor, version.patch)
}

/// The first number that is not 0 stands for breaking changes, the next one for additions.
fn next(base: &Version, worst: Class) -> Version {
    let (major, minor, patch) = numbers(base);
    match (major, minor, worst) {
        (0, 0, _) | (0, _, Class::Additive | Class::Cosmetic) | (_, _, Class::Cosmetic) => {
            Version::new(major, minor, patch + 1)
        }
        (0, _, Class::Breaking) | (_, _, Class::Additive) => Version::new(major, minor + 1, 0),
        (_, _, Class::Breaking) => Version::new(major + 1, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn the_rules_of_cargo_say_which_number_grows() {
        for (base, worst, demanded) in [
            ("0.1.3", Class::Cosmetic, "0.1.4"),
            ("0.1.3", Class::Additive, "0.1.4"),
            ("0.1.3", Class::Breaking, "0.2.0"),
            ("0.0.3", Class::Breaking, "0.0.4"),
            ("1.2.3", Class::Cosmetic, "1.2.4"),
            ("1.2.3", Class::Additive, "1.3.0"),
            ("1.2.3", Class::Breaking, "2.0.0"),
        ] {
            let demand = Demand::new(version(base), version(base), Some(worst));
            assert_eq!(demand.demanded, version(demanded), "{base}, {worst:?}");
            assert!(!demand.is_met(), "{base}, {worst:?}");
            assert!(Demand { current: version(demanded), ..demand }.is_met(), "{base}, {worst:?}");
        }
    }

    #[test]
    fn no_change_demands_nothing_and_a_candidate_counts_as_its_release() {
        let base = version("0.1.0");
        assert!(Demand::new(base.clone(), base.clone(), None).is_met());
        assert!(Demand::new(base.clone(), version("0.2.0-rc.1"), Some(Class::Breaking)).is_met());
        assert!(!Demand::new(base, version("0.1.9"), Some(Class::Breaking)).is_met());
    }
}
