//! Numbers in a range.

use serde_json::Number;

use super::clues::Clues;
use super::merged::{Merged, Range, float};

/// Beyond it floating point has no room for every integer.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A number of the prompt that fits, else the one next to zero.
pub fn number(merged: &Merged<'_>, is_integer: bool, name: &str, clues: &mut Clues<'_>) -> Option<Number> {
    let fits = |number: &Number| merged.range.has(number) && (!is_integer || is_whole(number));
    let found = clues.number(name, merged.description(), |number| number_of(number).is_some_and(|it| fits(&it)));
    found.and_then(number_of).or_else(|| merged.range.candidates().into_iter().find(fits))
}

impl Range<'_> {
    fn has(&self, number: &Number) -> bool {
        let value = float(number);
        self.lowest.is_none_or(|end| value >= float(end))
            && self.highest.is_none_or(|end| value <= float(end))
            && self.above.is_none_or(|end| value > float(end))
            && self.below.is_none_or(|end| value < float(end))
            && self.multiple_of.is_none_or(|step| (value / float(step)).fract() == 0.0)
    }

    /// Numbers of which one is in the range if any is: the ends themselves, and what stands next to them.
    fn candidates(&self) -> Vec<Number> {
        let step = self.multiple_of.map_or(1.0, float);
        let floor = [self.lowest, self.above].into_iter().flatten().map(float).reduce(f64::max);
        let ceiling = [self.highest, self.below].into_iter().flatten().map(float).reduce(f64::min);
        let middle = floor.zip(ceiling).map(|(floor, ceiling)| f64::midpoint(floor, ceiling));
        let from_floor = floor.map(|floor| [(floor / step).ceil() * step, ((floor / step).floor() + 1.0) * step]);
        let from_ceiling =
            ceiling.map(|ceiling| [(ceiling / step).floor() * step, ((ceiling / step).ceil() - 1.0) * step]);
        let computed = from_floor.into_iter().chain(from_ceiling).flatten().chain(middle).filter_map(number_of);
        let ends = [self.lowest, self.highest].into_iter().flatten().cloned();
        [Number::from(0)].into_iter().chain(ends).chain(computed).collect()
    }
}

fn is_whole(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || float(number).fract() == 0.0
}

/// A JSON number, without a fraction where there is none.
fn number_of(value: f64) -> Option<Number> {
    if value.fract() == 0.0 && value.abs() < MAX_EXACT {
        return format!("{value:.0}").parse().ok();
    }
    Number::from_f64(value)
}
