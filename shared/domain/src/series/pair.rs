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

/// Pairs old places with new ones, both in order: those of the same date first, for then a rule that leaves some out keeps
/// the others where they are; all that remain in order, the first with the first.
pub(super) fn pair(old: &[NaiveDateTime], new: &[NaiveDateTime]) -> Vec<Pair> {
    let same_date = |a: &NaiveDateTime, b: &NaiveDateTime| a.date() == b.date();
    let (mut rest_old, mut rest_new) = (old.to_vec(), new.to_vec());
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    rest_old.retain(|old| match rest_new.iter().position(|new| same_date(old, new)) {
        Some(found) => {
            pairs.push(Pair::Both(*old, rest_new.remove(found)));
            false
        }
        None => true,
    });
    let count = rest_old.len().min(rest_new.len());
    pairs.extend(rest_old.iter().zip(&rest_new).map(|(old, new)| Pair::Both(*old, *new)));
    pairs.extend(rest_old[count..].iter().map(|old| Pair::Old(*old)));
    pairs.extend(rest_new[count..].iter().map(|new| Pair::New(*new)));
    pairs.sort_by_key(|pair| match pair {
        Pair::Both(_, at) | Pair::Old(at) | Pair::New(at) => *at,
    });
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
        pair(&at(old), &at(new)).iter().map(shown).collect()
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
}
