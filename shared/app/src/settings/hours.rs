//! How hours are described to those who call: the types themselves are the domain's.

use utoipa::ToSchema;

/// One interval of a weekday.
#[derive(ToSchema)]
#[schema(as = OpenHours)]
#[expect(dead_code, reason = "describes a type of the domain")]
pub struct OpenHoursBody {
    /// The day, as `mon` to `sun`.
    #[schema(example = "mon")]
    weekday: String,
    /// From this wall time.
    #[schema(example = "09:00")]
    from: String,
    /// Until this wall time, later on the same day.
    #[schema(example = "17:00")]
    until: String,
}

/// A run of days on which the weekly hours do not hold: a holiday, an absence, or days of other hours.
#[derive(ToSchema)]
#[schema(as = HoursException)]
#[expect(dead_code, reason = "describes a type of the domain")]
pub struct HoursExceptionBody {
    /// The first of the days.
    #[schema(format = Date, example = "2026-12-24")]
    first_day: String,
    /// The last of the days: at most a year after the first.
    #[schema(format = Date, example = "2026-12-26")]
    last_day: String,
    /// When there is work on each of them, at most 6 intervals; none at all if empty or left out.
    #[schema(required = false)]
    hours: Vec<DayHoursBody>,
    /// What staff call it.
    #[schema(required = false, example = "Christmas")]
    name: Option<String>,
}

/// One interval of a day.
#[derive(ToSchema)]
#[schema(as = DayHours)]
#[expect(dead_code, reason = "describes a type of the domain")]
pub struct DayHoursBody {
    /// From this wall time.
    #[schema(example = "09:00")]
    from: String,
    /// Until this wall time, later on the same day.
    #[schema(example = "12:00")]
    until: String,
}
