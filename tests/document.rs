//! The catalogues and hosts of the document. What else it promises in `spec/README.md`, `cargo xtask lint` checks.

use clovastudio::catalogue::{Host, STATUS_CODES};

#[test]
fn every_code_finds_its_entry_and_knows_whether_it_is_success() {
    for entry in STATUS_CODES {
        assert_eq!(entry.code.is_success(), entry.http_status < 300, "{}", entry.code);
        assert!(std::ptr::eq(entry, entry.code.entry().expect("a known code")), "{}", entry.code);
    }
}

#[test]
fn the_hosts_are_those_of_the_document() {
    assert_eq!(Host::Public.base_url(), "https://clovastudio.stream.ntruss.com");
    assert_eq!(Host::Government.base_url(), "https://clovastudio.stream.gov-ntruss.com");
    assert_eq!(Host::LegacyGateway.base_url(), "https://clovastudio.apigw.ntruss.com");
}
