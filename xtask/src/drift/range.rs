//! Ranges of numbers and of lengths, with open and closed ends.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// Where a value, or its length, may lie: in one of the pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    pieces: Vec<Piece>,
    unit: Option<Unit>,
}

/// What a length is counted in. A range of numbers has no unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Characters of a text.
    Characters,
    /// Tokens of a text.
    Tokens,
}

#[derive(Clone, Debug, PartialEq)]
struct Piece {
    low: Option<End>,
    high: Option<End>,
}

#[derive(Clone, Debug, PartialEq)]
struct End {
    at: At,
    open: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum At {
    Number(f64),
    /// The value of another field, or a limit of the model.
    Named(String),
}

/// A piece on the number line. Ends that are not numbers lie at infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    low: f64,
    low_open: bool,
    high: f64,
    high_open: bool,
}

impl Unit {
    const ALL: [Self; 2] = [Self::Characters, Self::Tokens];

    const fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Tokens => "tokens",
        }
    }
}

static CHAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(\S+) ([<≤]) )?x(?: ([<≤]) (.+))?$").expect("the expression is written down here")
});

impl Range {
    /// From one end to another, as far as there are ends.
    pub fn new(low: Option<(f64, bool)>, high: Option<(f64, bool)>) -> Option<Self> {
        let end = |(at, open)| End { at: At::Number(at), open };
        let piece = Piece { low: low.map(end), high: high.map(end) };
        (piece.low.is_some() || piece.high.is_some()).then(|| Self { pieces: vec![piece], unit: None })
    }

    /// The numbers in a list, if all are numbers.
    pub fn of_points(points: &[String]) -> Option<Self> {
        let pieces = points.iter().map(|point| number(point).map(Piece::point)).collect::<Option<Vec<_>>>()?;
        (!pieces.is_empty()).then_some(Self { pieces, unit: None })
    }

    /// Counted in a unit.
    #[must_use]
    pub fn in_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// Of numbers, which have no unit, whatever they count.
    #[must_use]
    pub fn of_numbers(self) -> Self {
        Self { unit: None, ..self }
    }

    /// Reads the text that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let unit = Unit::ALL.into_iter().find(|unit| text.ends_with(unit.name()));
        let text = unit.map_or(text, |unit| text[..text.len() - unit.name().len()].trim_end());
        let pieces = text.split(" | ").map(Piece::parse).collect::<Option<_>>()?;
        Some(Self { pieces, unit })
    }

    /// This or another.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let fresh = other.pieces.iter().filter(|piece| !self.pieces.contains(piece));
        Self { pieces: self.pieces.iter().chain(fresh).cloned().collect(), unit: self.unit.or(other.unit) }
    }

    /// This without some integers.
    #[must_use]
    pub fn without(&self, points: &[f64]) -> Self {
        let mut stretches = self.stretches(true);
        for point in points {
            stretches = stretches.into_iter().flat_map(|stretch| stretch.without(*point)).collect();
        }
        let end = |at: f64| at.is_finite().then_some(End { at: At::Number(at), open: false });
        let pieces = stretches.iter().map(|stretch| Piece { low: end(stretch.low), high: end(stretch.high) });
        Self { pieces: pieces.collect(), unit: self.unit }
    }

    /// Whether both allow the same, of integers or of all numbers.
    pub fn agrees(&self, other: &Self, integers: bool) -> bool {
        self.names().eq(other.names())
            && self.unit == other.unit
            && self.stretches(integers) == other.stretches(integers)
    }

    /// Whether this is the other as far as a schema can say it: an end that depends on something else is free.
    pub fn fits_schema(&self, schema: &Self, integers: bool) -> bool {
        let free = |stretches: Vec<Stretch>| {
            let ends = stretches.into_iter().map(|stretch| Stretch {
                high: if self.names().next().is_some() { f64::INFINITY } else { stretch.high },
                ..stretch
            });
            ends.collect::<Vec<_>>()
        };
        self.unit == schema.unit && free(self.stretches(integers)) == free(schema.stretches(integers))
    }

    /// Whether it has only ends that depend on something else, which a schema cannot say.
    pub fn is_beyond_schema(&self) -> bool {
        self.stretches(false).iter().all(|stretch| stretch.low.is_infinite() && stretch.high.is_infinite())
    }

    /// Whether everything that the other allows is allowed here.
    pub fn covers(&self, other: &Self, integers: bool) -> bool {
        let stretches = self.stretches(integers);
        self.unit == other.unit
            && other.stretches(integers).iter().all(|inner| stretches.iter().any(|stretch| stretch.covers(inner)))
    }

    /// Both ends, each with whether it is open, if a schema can say as much: one piece, with numbers.
    #[allow(clippy::type_complexity, reason = "two ends of the same form")]
    pub fn ends(&self) -> Option<(Option<(f64, bool)>, Option<(f64, bool)>)> {
        let [piece] = self.pieces.as_slice() else { return None };
        let end = |end: &Option<End>| match end {
            Some(End { at: At::Number(at), open }) => Some((*at, *open)),
            _ => None,
        };
        Some((end(&piece.low), end(&piece.high)))
    }

    /// A number that lies in it.
    pub fn sample(&self) -> f64 {
        match self.stretches(false).first() {
            Some(Stretch { high, high_open: false, .. }) if high.is_finite() => *high,
            Some(Stretch { low, low_open: false, .. }) if low.is_finite() => *low,
            Some(Stretch { low, high, .. }) if low.is_finite() && high.is_finite() => f64::midpoint(*low, *high),
            Some(Stretch { high, .. }) if high.is_finite() => high - 1.0,
            Some(Stretch { low, .. }) if low.is_finite() => low + 1.0,
            _ => 1.0,
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let ends = self.pieces.iter().flat_map(|piece| [&piece.low, &piece.high]).flatten();
        ends.filter_map(|end| if let At::Named(name) = &end.at { Some(name.as_str()) } else { None })
    }

    /// The stretches in order, joined where they touch.
    fn stretches(&self, integers: bool) -> Vec<Stretch> {
        let mut stretches: Vec<_> = self.pieces.iter().map(|piece| piece.stretch(integers)).collect();
        stretches.sort_by(|one, other| one.low.total_cmp(&other.low));
        let mut joined: Vec<Stretch> = Vec::new();
        for stretch in stretches {
            match joined.last_mut() {
                Some(last) if last.touches(&stretch, integers) => last.take_in(&stretch),
                _ => joined.push(stretch),
            }
        }
        joined
    }
}

impl Piece {
    fn point(at: f64) -> Self {
        let end = Some(End { at: At::Number(at), open: false });
        Self { low: end.clone(), high: end }
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(point) = number(text) {
            return Some(Self::point(point));
        }
        let captures = CHAIN.captures(text)?;
        let end = |at: usize, sign: usize| {
            let (at, sign) = (captures.get(at)?.as_str(), captures.get(sign)?.as_str());
            let at = number(at).map_or_else(|| At::Named(at.to_owned()), At::Number);
            Some(End { at, open: sign == "<" })
        };
        let piece = Self { low: end(1, 2), high: end(4, 3) };
        (piece.low.is_some() || piece.high.is_some()).then_some(piece)
    }

    fn stretch(&self, integers: bool) -> Stretch {
        let at = |end: &Option<End>, absent: f64| match end {
            Some(End { at: At::Number(number), open }) => (*number, *open),
            _ => (absent, false),
        };
        let (low, low_open) = at(&self.low, f64::NEG_INFINITY);
        let (high, high_open) = at(&self.high, f64::INFINITY);
        if !integers {
            return Stretch { low, low_open, high, high_open };
        }
        let low = if low_open { low.floor() + 1.0 } else { low.ceil() };
        let high = if high_open { high.ceil() - 1.0 } else { high.floor() };
        Stretch { low, low_open: false, high, high_open: false }
    }
}

impl Stretch {
    fn touches(&self, next: &Self, integers: bool) -> bool {
        let gap = if integers { 1.0 } else { 0.0 };
        let apart = next.low > self.high + gap;
        let pierced = next.low.total_cmp(&self.high).is_eq() && self.high_open && next.low_open;
        !apart && !pierced
    }

    fn take_in(&mut self, next: &Self) {
        if next.high > self.high {
            (self.high, self.high_open) = (next.high, next.high_open);
        } else if next.high.total_cmp(&self.high).is_eq() {
            self.high_open &= next.high_open;
        }
    }

    fn covers(&self, inner: &Self) -> bool {
        let low = inner.low > self.low || inner.low.total_cmp(&self.low).is_eq() && (!self.low_open || inner.low_open);
        let high =
            inner.high < self.high || inner.high.total_cmp(&self.high).is_eq() && (!self.high_open || inner.high_open);
        low && high
    }

    fn without(self, point: f64) -> Vec<Self> {
        if point < self.low || point > self.high {
            return vec![self];
        }
        let sides = [Self { high: point - 1.0, ..self }, Self { low: point + 1.0, ..self }];
        sides.into_iter().filter(|side| side.low <= side.high).collect()
    }
}

/// A number as pages write it: `0.80`, `10,000`, `1.0E-6`.
pub fn number(text: &str) -> Option<f64> {
    let digits = text.trim().replace(',', "");
    digits.parse().ok().filter(|number: &f64| number.is_finite())
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces: Vec<_> = self.pieces.iter().map(Piece::to_string).collect();
        f.write_str(&pieces.join(" | "))?;
        self.unit.map_or(Ok(()), |unit| write!(f, " {}", unit.name()))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(End { at: At::Number(low), open: false }), Some(End { at: At::Number(high), open: false })) =
            (&self.low, &self.high)
            && low.total_cmp(high).is_eq()
        {
            return write!(f, "{low}");
        }
        if let Some(low) = &self.low {
            write!(f, "{} {} ", low.at, low.sign())?;
        }
        f.write_str("x")?;
        self.high.as_ref().map_or(Ok(()), |high| write!(f, " {} {}", high.sign(), high.at))
    }
}

impl End {
    const fn sign(&self) -> &'static str {
        if self.open { "<" } else { "≤" }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}
