//! Money, exact: whole trillionths of a dollar.

use std::{iter::Sum, ops::Add};

/// An amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Money(i128);

const DOLLAR: i128 = 1_000_000_000_000;

impl Money {
    /// Such as `0.0000133334`: dollars, with at most twelve decimals.
    pub(super) fn parse(text: &str) -> Self {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        assert!(decimals.len() <= 12, "{text} is finer than this counts");
        let decimals: i128 = format!("{decimals:0<12}").parse().unwrap();
        Self(whole.parse::<i128>().unwrap() * DOLLAR + decimals)
    }

    /// So many times this, divided by `per`; rounded up, since bills are not rounded down.
    pub(super) fn times(self, number: u128, per: u128) -> Self {
        let (product, per) = (self.0 * i128::try_from(number).unwrap(), i128::try_from(per).unwrap());
        Self(product.div_euclid(per) + i128::from(product.rem_euclid(per) > 0))
    }

    /// Dollars with so many decimals, the last one rounded up: `$1,234.50`.
    pub(super) fn text(self, decimals: u32) -> String {
        let unit = DOLLAR / 10_i128.pow(decimals);
        let units = self.0.div_euclid(unit) + i128::from(self.0.rem_euclid(unit) > 0);
        let whole = units / 10_i128.pow(decimals);
        let rest = units % 10_i128.pow(decimals);
        let whole = grouped(u128::try_from(whole).unwrap());
        if decimals == 0 { format!("${whole}") } else { format!("${whole}.{rest:0width$}", width = decimals as usize) }
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// `1,234,567`.
pub(super) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn amounts_are_exact_and_rounded_up_where_they_are_shown() {
    assert_eq!(Money::parse("0.625").times(3_000_000, 1_000_000).text(3), "$1.875");
    assert_eq!(Money::parse("0.0000133334").times(1, 1024).text(12), "$0.000000013021");
    assert_eq!((Money::parse("1234.5") + Money::parse("0.001")).text(2), "$1,234.51");
    assert_eq!(Money::parse("3").text(0), "$3");
    assert!(Money::parse("0.1") < Money::parse("0.11"));
}
