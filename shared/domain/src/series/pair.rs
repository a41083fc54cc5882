//! Which place of the series as it was becomes which place of the series as it shall be.

use chrono::NaiveDateTime;

/// A place that goes on, one that is no more, or one that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    /// The old place becomes the new one.
    Both(NaiveDateTime, NaiveDateTime),
    /// Nothing takes its place.
    Old(NaiveDateTime),
    /// Nothing was in its place.
    New(NaiveDateTime),
}

/// The first with the first, the second with the second: all move alike.
pub(super) fn in_order(old: &[NaiveDateTime], new: &[NaiveDateTime]) -> Vec<Pair> {
    let count = old.len().min(new.len());
    let mut pairs: Vec<Pair> = old.iter().zip(new).map(|(old, new)| Pair::Both(*old, *new)).collect();
    pairs.extend(old[count..].iter().map(|old| Pair::Old(*old)));
    pairs.extend(new[count..].iter().map(|new| Pair::New(*new)));
    pairs
}

/// The first with the first, for that is the one that someone spoke of. After it those of the same date stay, so that a rule
/// that leaves some out keeps the others where they are; and what lies between two that stay, in order. So none passes
/// another.
pub(super) fn by_date(old: &[NaiveDateTime], new: &[NaiveDateTime]) -> Vec<Pair> {
    let (Some((first_old, mut old)), Some((first_new, mut new))) = (old.split_first(), new.split_first()) else {
        return in_order(old, new);
    };
    let mut pairs = vec![Pair::Both(*first_old, *first_new)];
    let same_date = |a: &NaiveDateTime, b: &NaiveDateTime| a.date() == b.date();
    loop {
        let stays = old.iter().enumerate().find_map(|(i, old)| Some((i, new.iter().position(|new| same_date(old, new))?)));
        let Some((i, j)) = stays else { break };
        pairs.extend(in_order(&old[..i], &new[..j]));
        pairs.push(Pair::Both(old[i], new[j]));
        (old, new) = (&old[i + 1..], &new[j + 1..]);
    }
    pairs.extend(in_order(old, new));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: &[u32]) -> Vec<NaiveDateTime> {
        let date = |day: &u32| chrono::NaiveDate::from_ymd_opt(2027, 3, *day).unwrap().and_hms_opt(9, 0, 0).unwrap();
        days.iter().map(date).collect()
    }

    fn paired(old: &[u32], new: &[u32]) -> Vec<(Option<u32>, Option<u32>)> {
        use chrono::Datelike as _;
        let day = |at: NaiveDateTime| Some(at.day());
        let shown = |pair: &Pair| match pair {
            Pair::Both(old, new) => (day(*old), day(*new)),
            Pair::Old(old) => (day(*old), None),
            Pair::New(new) => (None, day(*new)),
        };
        by_date(&at(old), &at(new)).iter().map(shown).collect()
    }

    #[test]
    fn another_weekday_is_the_same_place_week_by_week() {
        assert_eq!(paired(&[2, 9, 16], &[3, 10, 17]), [(Some(2), Some(3)), (Some(9), Some(10)), (Some(16), Some(17))]);
    }

    #[test]
    fn a_rule_that_leaves_some_out_keeps_the_others_where_they_are() {
        assert_eq!(
            paired(&[2, 9, 16, 23], &[2, 16]),
            [(Some(2), Some(2)), (Some(9), None), (Some(16), Some(16)), (Some(23), None)]
        );
    }

    #[test]
    fn a_rule_that_adds_some_keeps_those_that_were() {
        assert_eq!(paired(&[2, 9], &[2, 4, 9, 11]), [(Some(2), Some(2)), (None, Some(4)), (Some(9), Some(9)), (None, Some(11))]);
    }

    #[test]
    fn one_of_two_weekdays_moves_alone() {
        assert_eq!(
            paired(&[2, 4, 9, 11], &[2, 5, 9, 12]),
            [(Some(2), Some(2)), (Some(4), Some(5)), (Some(9), Some(9)), (Some(11), Some(12))]
        );
    }

    #[test]
    fn the_first_is_the_first_whatever_else_is_on_its_date() {
        assert_eq!(
            paired(&[2, 9, 16, 23], &[9, 23]),
            [(Some(2), Some(9)), (Some(9), None), (Some(16), None), (Some(23), Some(23))]
        );
    }
}
