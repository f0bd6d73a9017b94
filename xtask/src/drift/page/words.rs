//! The words of the pages, in Korean, English and Japanese.

/// What a heading is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Requests as a whole.
    Request,
    /// Answers as a whole.
    Response,
    /// Streams as a whole.
    Stream,
    /// Headers, of whatever the section around is about.
    Headers,
    /// Headers of requests.
    RequestHeaders,
    /// Headers of answers.
    ResponseHeaders,
    /// Path parameters.
    Path,
    /// Query parameters.
    Query,
    /// A body, of whatever the section around is about.
    Body,
    /// Events with a name.
    Event(String),
    /// Examples and status codes, which hold no facts of their own.
    Aside,
}

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Names of fields, headers or parameters.
    Field,
    /// Types.
    Type,
    /// Whether a field has to be there.
    Required,
    /// Descriptions.
    Description,
    /// HTTP methods.
    Method,
    /// Paths.
    Uri,
    /// Names of APIs.
    Api,
    /// HTTP statuses.
    Status,
    /// Status codes.
    Code,
    /// Texts of codes.
    Message,
    /// Causes of codes.
    Cause,
    /// What to do about codes.
    Solution,
    /// Fields that are supported.
    Supported,
    /// Fields that are not.
    Unsupported,
    /// Fields that only this vendor has.
    Own,
    /// Reasons of failed trainings.
    Failure,
    /// Values of another field.
    Setting,
    /// Defaults for the values of another field.
    Default,
    /// Kinds of release notes.
    Kind,
    /// Texts of release notes.
    Change,
    /// Models.
    Model,
    /// Kinds of input of a model.
    Input,
    /// Tokens of a model, in and out.
    Context,
    /// Tokens of input of a model.
    MaxInput,
    /// Tokens of output of a model.
    MaxOutput,
    /// Requests per minute.
    Requests,
    /// Tokens per minute.
    Tokens,
    /// A feature of models.
    Feature(&'static str),
}

/// Parts of headings. The longer of two that begin alike stands first.
const HEADING_WORDS: [(&str, &[&str]); 10] = [
    (
        "aside",
        &["예시", "예제", "examples", "example", "例", "상태코드", "statuscodes", "statuscode", "ステータスコード"],
    ),
    ("request", &["요청", "request", "リクエスト"]),
    ("response", &["응답", "response", "レスポンス", "応答"]),
    ("stream", &["스트리밍", "스트림", "streaming", "stream", "ストリーミング", "ストリーム"]),
    ("header", &["헤더", "headers", "header", "ヘッダー", "ヘッダ"]),
    ("path", &["경로", "path", "パス"]),
    ("query", &["쿼리", "query", "クエリー", "クエリ"]),
    ("body", &["바디", "본문", "body", "ボディー", "ボディ", "本文"]),
    ("parameter", &["파라미터", "parameters", "parameter", "パラメーター", "パラメータ"]),
    ("filler", &["의", "の", "of", "the", "1", "2", "3", "4"]),
];

const EVENT_WORDS: [&str; 4] = ["events", "event", "이벤트", "イベント"];

/// What a heading is about, if it is no name of an object.
pub fn topic(heading: &str) -> Option<Topic> {
    if let Some(event) = event(heading) {
        return Some(Topic::Event(event));
    }
    let words = heading_words(heading)?;
    let has = |word| words.contains(&word);
    let is_response = has("response") || has("stream");
    Some(if has("aside") {
        Topic::Aside
    } else if has("header") {
        match (has("request"), is_response) {
            (true, _) => Topic::RequestHeaders,
            (_, true) => Topic::ResponseHeaders,
            _ => Topic::Headers,
        }
    } else if has("path") {
        Topic::Path
    } else if has("query") {
        Topic::Query
    } else if has("stream") {
        Topic::Stream
    } else if has("request") {
        Topic::Request
    } else if has("response") {
        Topic::Response
    } else if has("body") {
        Topic::Body
    } else {
        return None;
    })
}

/// The words that a heading is made of, if it is made of known ones only.
fn heading_words(heading: &str) -> Option<Vec<&'static str>> {
    let text: String = plain(heading).to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect();
    let mut rest = text.as_str();
    let mut words = Vec::new();
    while !rest.is_empty() {
        let known = HEADING_WORDS.iter().flat_map(|(name, forms)| forms.iter().map(move |form| (*name, *form)));
        let (name, after) = known.clone().find_map(|(name, form)| Some((name, rest.strip_prefix(form)?)))?;
        words.push(name);
        rest = after;
    }
    (!words.is_empty()).then_some(words)
}

/// The name of the events that a heading such as `StreamingChatCompletionsTokenEvent` or `Planning event` is about.
fn event(heading: &str) -> Option<String> {
    let lower = heading.to_lowercase();
    let form = EVENT_WORDS.iter().find(|form| lower.ends_with(*form))?;
    let name: String = heading[..heading.len() - form.len()].chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.strip_prefix("Streaming").unwrap_or(&name);
    let name = ["ChatCompletions", "Completions", "Skillset"]
        .iter()
        .fold(name, |name, api| name.strip_prefix(api).unwrap_or(name));
    let mut letters = name.chars();
    let first = letters.next()?;
    Some(first.to_lowercase().chain(letters).collect())
}

/// Heads of columns that mean one thing as a whole.
const COLUMN_HEADS: [(Column, &[&str]); 19] = [
    (
        Column::Field,
        &[
            "필드",
            "헤더",
            "파라미터",
            "field",
            "header",
            "parameter",
            "name",
            "フィールド",
            "ヘッダー",
            "ヘッダ",
            "パラメータ",
        ],
    ),
    (Column::Type, &["타입", "자료형", "type", "タイプ", "データ型"]),
    (Column::Required, &["필수여부", "required", "requirement", "必須の有無", "必須有無", "必須かどうか"]),
    (Column::Description, &["설명", "description", "説明"]),
    (Column::Method, &["메서드", "method", "メソッド"]),
    (Column::Uri, &["uri", "url"]),
    (Column::Api, &["api"]),
    (Column::Status, &["http상태코드", "httpstatuscode", "httpステータスコード"]),
    (Column::Code, &["코드", "code", "コード"]),
    (Column::Message, &["메시지", "message", "メッセージ", "상세메시지", "detailedmessage", "詳細メッセージ"]),
    (Column::Cause, &["원인", "cause", "原因"]),
    (Column::Solution, &["해결방법", "solution", "解決方法"]),
    (Column::Kind, &["구분", "category", "classification", "区分"]),
    (Column::Change, &["변경내용", "changes", "details", "変更内容", "상세경로", "path", "detailedpath", "詳細パス"]),
    (Column::Model, &["모델", "모델명", "모델이름", "model", "modelname", "モデル", "モデル名"]),
    (Column::Input, &["입력", "입력형식", "input", "inputtype", "入力", "入力形式"]),
    (Column::MaxOutput, &["출력", "output", "出力"]),
    (Column::Requests, &["qpm"]),
    (Column::Tokens, &["tpm"]),
];

/// Heads of columns that hold words beside others.
const COLUMN_PARTS: [(Column, &[&str]); 14] = [
    (Column::Unsupported, &["미지원", "unsupported", "サポート対象外", "未サポート"]),
    (Column::Own, &["전용", "only", "exclusive", "専用"]),
    (Column::Supported, &["지원필드", "supported", "サポートフィールド", "サポート対象"]),
    (Column::Failure, &["실패이유", "실패사유", "failure", "失敗"]),
    (Column::Setting, &["설정값", "setting", "設定値"]),
    (Column::Default, &["기본값", "default", "デフォルト"]),
    (Column::Context, &["컨텍스트", "context", "コンテキスト", "입력+출력", "input+output", "入力+出力"]),
    (Column::MaxInput, &["최대입력", "maxinput", "maximuminput", "最大入力"]),
    (Column::MaxOutput, &["최대출력", "maxoutput", "maximumoutput", "最大出力"]),
    (Column::Feature("functionCalling"), &["functioncalling", "함수호출"]),
    (Column::Feature("structuredOutputs"), &["structuredoutputs"]),
    (Column::Feature("thinking"), &["thinking", "추론", "推論"]),
    (Column::Feature("tuning"), &["튜닝", "학습", "tuning", "チューニング", "学習"]),
    (Column::Requests, &["분당요청", "requestsperminute", "1分あたりのリクエスト"]),
];

/// What a column with a head holds.
pub fn column(head: &str) -> Option<Column> {
    let plain = plain(head).replace('`', "").to_lowercase();
    // A remark in parentheses, such as `설명 (예시)` or `Cause(s)`, says nothing more.
    let text: String =
        plain.split('(').next().unwrap_or_default().chars().filter(|letter| !letter.is_whitespace()).collect();
    let whole: String = plain.chars().filter(|letter| !letter.is_whitespace()).collect();
    let is_one = |form: &&str| *form == text || text.strip_suffix('s') == Some(form);
    let heads = COLUMN_HEADS.iter().find(|(_, forms)| forms.iter().any(is_one));
    let parts = COLUMN_PARTS.iter().find(|(_, forms)| forms.iter().any(|form| whole.contains(form)));
    heads.or(parts).map(|(column, _)| *column)
}

/// Text with the signs of a keyboard: full-width letters, dashes of ranges and other ways to write `≤`.
pub fn plain(text: &str) -> String {
    let narrow = text.chars().map(|letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' | '\u{a0}' => ' ',
        '〜' | '∼' => '~',
        '≦' => '≤',
        '≧' => '≥',
        other => other,
    });
    narrow.collect::<String>().replace("<=", "≤").replace(">=", "≥")
}

/// The beginnings of examples in a description.
pub const EXAMPLES: [&str; 8] = ["<예시>", "예시:", "<Example>", "Example:", "example:", "<例>", "例:", "e.g."];

/// Words for something that is going away.
const DEPRECATED: [&str; 9] = [
    "deprecated",
    "지원 종료",
    "지원종료",
    "사용 중단",
    "더 이상 사용",
    "더 이상 지원",
    "非推奨",
    "サポート終了",
    "提供終了",
];

/// Whether a text says that something is going away.
pub fn is_deprecated(text: &str) -> bool {
    let text = text.to_lowercase();
    DEPRECATED.iter().any(|word| text.contains(word))
}
