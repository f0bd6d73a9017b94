//! Descriptions as people write them, and what they say besides prose.

use crate::drift::page::describe;
use crate::drift::types::{Kind, Type};

/// Kinds of the field, its description, what is to be read.
type Case = (&'static [Kind], &'static str, &'static str);

fn assert_read(cases: &[Case]) {
    for (kinds, text, expected) in cases {
        let kind = Type::of(kinds.iter().copied());
        assert_eq!(describe(text, &kind).settled().to_string(), *expected, "{text}");
    }
}

#[test]
fn a_default_stands_behind_its_value_behind_its_meaning_or_by_itself() {
    let seed = "0 | 1 ≤ x ≤ 4294967295, default 0";
    assert_read(&[
        (&[Kind::Integer], "일관성 - 0: 랜덤 적용 (기본값) - 1 ≤ `seed` ≤ 4294967295: 사용자가 지정", seed),
        (&[Kind::Integer], "Consistency - 0: randomize the level (default) - 1 ≤ `seed` ≤ 4294967295: fixed", seed),
        (&[Kind::Integer], "一貫性 - 0: ランダム (デフォルト) - 1 ≤ seed ≤ 4294967295: 指定", seed),
        (
            &[Kind::String],
            "How - `auto`: the model decides (default) - `none`: the model calls nothing",
            "default \"auto\", values auto | none",
        ),
        (&[Kind::Number], "샘플링 - 0.00 초과 1.00 이하 - 기본값: 0.80", "0 < x ≤ 1, default 0.8"),
        (&[Kind::Integer], "샘플링 - 입력 가능 범위: 0~128 - 기본값은 0", "0 ≤ x ≤ 128, default 0"),
        (&[Kind::Number], "패널티 - 0.0 ＜ penalty ≤ 2.0, 기본값 1.1", "0 < x ≤ 2, default 1.1"),
        (
            &[Kind::Integer],
            "수 - 1,024 이상 4,096 미만 - 미입력 시 기본값인 1,024 적용",
            "1024 ≤ x < 4096, default 1024",
        ),
        (&[Kind::Array], "Stop strings - Default: `[]` - Applied only when the answer is a text", "default []"),
        (&[Kind::String], "Name - If not entered, the date is used automatically (default).", "nothing more"),
        (&[Kind::Boolean], "Whether - true: streams - false: answers at once (default)", "default false"),
    ]);
}

#[test]
fn a_special_value_stands_in_a_sentence_of_its_own() {
    assert_read(&[
        (
            &[Kind::Number],
            "임곗값. - -1.5 ≤ alpha ≤ 1.5 (기본값: 0.0) - -100 입력 시 모델이 최적값으로 자동 수행",
            "-100 | -1.5 ≤ x ≤ 1.5, default 0",
        ),
        (&[Kind::Integer], "수 - 1 ≤ `segCnt` (기본값: -1) - -1로 설정 시 자동", "-1 | 1 ≤ x, default -1"),
        (&[Kind::Integer], "数 - 1 ≤ `segCnt` - `-1`を入力した場合、自動", "-1 | 1 ≤ x"),
        (&[Kind::Integer], "Count - 1 ≤ `segCnt` - If set to -1, the model decides", "-1 | 1 ≤ x"),
        (&[Kind::Integer], "수 - -1 (기본값): 자동 - 1 이상: 설정한 수", "-1 | 1 ≤ x, default -1"),
        (&[Kind::Number], "값 - -1.5~1.5 (기본값: 0.0) - -100으로 설정하면 자동", "-100 | -1.5 ≤ x ≤ 1.5, default 0"),
        (
            &[Kind::Integer],
            "Seed - `0` (default): Random - `1` to `4294967295`: fixed",
            "0 | 1 ≤ x ≤ 4294967295, default 0",
        ),
    ]);
}

#[test]
fn a_range_is_told_with_units_and_in_words() {
    assert_read(&[
        (&[Kind::String], "문장 - 1자~35,000자(한글 기준, 공백 포함)", "1 ≤ x ≤ 35000 characters"),
        (&[Kind::String], "문장 - 1자 이상 10,000자 이하", "1 ≤ x ≤ 10000 characters"),
        (&[Kind::Integer], "최소 - 0 ≤ `minSize` ≤ `maxSize` 값 (기본값: 300)", "0 ≤ x ≤ maxSize, default 300"),
        (&[Kind::Integer], "最小 - 0 ≤ `minSize` ≤ `maxSize`の値 (デフォルト: 300)", "0 ≤ x ≤ maxSize, default 300"),
        (&[Kind::Integer], "Least - 0 ≤ minSize ≤ value of maxSize", "0 ≤ x ≤ maxSize"),
        (&[Kind::Integer], "최소 - 0~`maxSize` 설정값", "0 ≤ x ≤ maxSize"),
        (&[Kind::Integer], "최소 - 0 이상, `maxSize` 설정값 이하", "0 ≤ x ≤ maxSize"),
        (&[Kind::Integer], "Least - Between 0 and the `maxSize` value", "0 ≤ x ≤ maxSize"),
        (&[Kind::Integer], "수 - 최소 1, 최대 100", "1 ≤ x ≤ 100"),
        (&[Kind::String], "글 - 최소 1자, 최대 10,000자까지", "1 ≤ x ≤ 10000 characters"),
        (&[Kind::Number], "Diversity - 0.00-1.00", "0 ≤ x ≤ 1"),
        (&[Kind::Number], "Sampling - Greater than 0.00 and less than or equal to 1.00", "0 < x ≤ 1"),
        (&[Kind::Number], "샘플링 - 0.00 초과~1.00 이하", "0 < x ≤ 1"),
        (&[Kind::String], "Texts - 1-35,000 characters (in Korean)", "1 ≤ x ≤ 35000 characters"),
        (&[Kind::Integer], "Scale - Minimum 2, maximum 512", "2 ≤ x ≤ 512"),
        (&[Kind::Integer], "Sampling - From 0 to 128", "0 ≤ x ≤ 128"),
        (&[Kind::Integer], "Count - 10 or less", "x ≤ 10"),
        (&[Kind::Integer], "글자 수 - 1자 이상 3,000자 이하", "1 ≤ x ≤ 3000"),
    ]);
}

#[test]
fn what_has_signs_is_not_always_a_range() {
    assert_read(&[
        (&[], "APIキー - `Bearer <API Key>`形式で入力<br><例> `Bearer nv-1`", "nothing more"),
        (&[Kind::Array], "대화 - `messages` 토큰 수 + `maxTokens` ≤ 4096", "nothing more"),
        (&[Kind::Number], "Penalty - To adjust it, change the value from 1.0 to 1.1", "nothing more"),
        (&[Kind::String], "날짜 - 2026-01-31", "nothing more"),
        (&[Kind::String], "길이 - 긴 쪽이 2240 px 이하, 짧은 쪽이 4 px 이상", "nothing more"),
    ]);
}

#[test]
fn values_are_told_in_lists_by_their_meanings_and_in_remarks() {
    assert_read(&[
        (
            &[Kind::String, Kind::Object],
            "방식 - `auto`: 자동 결정(String) - `none`: 호출하지 않음(String) - 특정 도구 강제 호출(Object)",
            "values auto | none",
        ),
        (&[Kind::Object], "도구 - `name`: 이름 - `type`: 유형", "nothing more"),
        (&[], "형식 - application/json", "values application/json"),
        (&[Kind::String], "형식 - `float`만 지원 (기본값: `float`)", "default \"float\", values float"),
        (&[Kind::String], "Form - only `json_schema`", "values json_schema"),
        (&[Kind::String], "Kind - Only `function` can be entered", "values function"),
        (&[Kind::String], "방식 - `HCX-007`만 지원", "nothing more"),
        (&[Kind::String], "방식 - `bge-m3`만 지원", "nothing more"),
        (&[Kind::Integer], "Count - only `-1`", "-1"),
        (&[Kind::String], "Role - One of `system`, `user`, and `assistant`", "values system | user | assistant"),
        (&[Kind::String], "Role - `user` or `assistant`", "values user | assistant"),
        (&[Kind::Object], "Image - `imageUrl` or `dataUri`", "nothing more"),
        (&[Kind::String], "Status - WAIT: Waiting - RUNNING: In progress", "values WAIT | RUNNING"),
        (&[Kind::String], "Kind of content (`text` | `image_url`) - `text`: Text", "values text | image_url"),
        (&[Kind::String, Kind::Object], "How - `auto` | `none` | Object", "values auto | none"),
        (&[], "(only `1` is allowed, default: 1)", "1, default 1"),
        (&[], "(`auto` (default) | `none` | object)", "default \"auto\", values auto | none"),
    ]);
}
