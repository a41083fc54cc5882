//! What grows with the number of practices: the month's bill, and how near each quota is.

use super::{bill::Bill, figures::Quota, money::Money, template::Idle};

/// Sessions of a practice in a month.
pub(super) const SESSIONS: u128 = 400;
/// People of a practice who sign in.
pub(super) const PEOPLE: u128 = 5;
/// How often one of them gets a new token: every hour of twenty days.
const TOKENS: u128 = 20 * 9;
/// Weeks between booking and session: so long a timer waits.
pub(super) const WEEKS_AHEAD: u128 = 4;
/// Working seconds of a month: 22 days of eight hours. Everything happens in them.
pub(super) const WORKING_SECONDS: u128 = 22 * 8 * 3600;
/// The busiest second sees so many times the average.
pub(super) const PEAK: u128 = 3;
/// Invites, cancellations, reminders.
const MAIL_WORKERS: u128 = 3;
const MONTH_SECONDS: u128 = 30 * 24 * 3600;
/// Lambda asks an idle queue with so many long polls at once, and each waits so many seconds.
pub(super) const POLLERS: u128 = 5;
const POLL_SECONDS: u128 = 20;

/// A stack's month without any session: what it consists of, and what that costs.
pub(super) fn idle(bill: &Bill<'_>, idle: &Idle) -> Vec<(String, Money)> {
    let price = |name: &str, units: u128| bill.list.prices[name].of(units);
    let polls = idle.polled_queues * POLLERS * (MONTH_SECONDS / POLL_SECONDS);
    let sweeps = MONTH_SECONDS / 3600;
    let sweep = u128::from(bill.centi_ms(&bill.life.sweep, bill.measured.warm_ms.sweep));
    let half_reads = u128::from(bill.life.sweep.half_reads);
    let sweeping = price("lambda_requests", sweeps)
        + price("scheduler", sweeps)
        + bill.lambda_time(sweep * sweeps)
        + bill.list.prices["dynamodb_read"].part_of(half_reads * sweeps, 2);
    let each = |number: u128, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    vec![
        (each(idle.alarm_metrics, "metric in alarms", "metrics in alarms"), price("alarm_metric", idle.alarm_metrics)),
        (each(idle.dashboards, "dashboard", "dashboards"), price("dashboard", idle.dashboards)),
        (each(idle.secrets, "secret", "secrets"), price("secret", idle.secrets)),
        ("1 metric of its own, which the sweep writes".to_owned(), price("metric", 1)),
        (
            format!("{} idle queues, asked {POLLERS} at a time every {POLL_SECONDS} seconds", idle.polled_queues),
            price("sqs", polls),
        ),
        (format!("{sweeps} sweeps that find nothing"), sweeping),
        ("a table, a user pool, queues, a bus, a schedule group, functions: nothing without use".to_owned(), Money::default()),
    ]
}

/// Metrics of a stack in use, besides the sweep's: three of each function that answers requests and of each mail worker
/// (`shared/aws/src/metric.rs`). Each costs only in hours that have it.
pub(super) fn metrics(template: &Idle) -> u128 {
    3 * (template.answering + MAIL_WORKERS)
}

/// A month of so many practices.
pub(super) struct Month {
    pub(super) practices: u128,
    pub(super) sessions: Money,
    pub(super) mail: Money,
    pub(super) tenants: Money,
    pub(super) sign_in: Money,
    /// What the stack costs however many there are.
    pub(super) stack: Money,
}

impl Month {
    pub(super) fn of(bill: &Bill<'_>, stack: Money, practices: u128) -> Self {
        let price = |name: &str, units: u128| bill.list.prices[name].of(units);
        let (sessions, people) = (practices * SESSIONS, practices * PEOPLE);
        let trigger =
            u128::from(100 * (bill.measured.throttled(bill.measured.warm_ms.sign_in) + bill.measured.wait_ms.dynamodb + 1));
        let tokens = people * TOKENS;
        Self {
            practices,
            sessions: bill.besides_mail().times(sessions, 1_000),
            mail: bill.mail("ses_mail").times(sessions, 1_000),
            tenants: price("ses_tenant", practices),
            sign_in: price("cognito_user", people) + price("lambda_requests", tokens) + bill.lambda_time(trigger * tokens),
            stack,
        }
    }

    pub(super) fn total(&self) -> Money {
        [self.sessions, self.mail, self.tenants, self.sign_in, self.stack].into_iter().sum()
    }
}

/// How much of each quota one practice uses, as a fraction: so many units for so many practices.
pub(super) fn uses(bill: &Bill<'_>) -> Vec<(&'static str, u128, u128)> {
    // Of a thousand sessions in a month, spread over the working seconds, at the peak.
    let per_second = |units: u128| (units * SESSIONS * PEAK, 1_000 * WORKING_SECONDS);
    let second = |name, units| {
        let (units, per) = per_second(units);
        (name, units, per)
    };
    let slowest_route = bill.sum(|step| if step.request.transactions == 0 { step.request.invocations } else { 0 });
    vec![
        ("ses_daily", bill.mails() * SESSIONS, 1_000 * 22),
        second("ses_rate", bill.mails()),
        ("ses_tenants", 1, 1),
        // A month is a little more than four weeks.
        ("schedules", bill.armed() * SESSIONS * WEEKS_AHEAD * 7, 1_000 * 30),
        second("schedules_made", bill.armed() * 2),
        // Sessions begin on the hour, and so do their reminders: half of an hour's in one minute.
        ("schedules_fired", bill.fired() * SESSIONS * 3600, 1_000 * WORKING_SECONDS * 2 * 60),
        second("route_rate", slowest_route),
        second("api_rate", bill.requests()),
        second("lambda_concurrency", bill.lambda_centi_ms().div_ceil(100_000)),
        second("table_writes", bill.writes()),
        second("table_reads", bill.half_reads().div_ceil(2)),
        // Everyone's first hour of the day: once in, once renewed.
        ("cognito_sign_in", PEOPLE * 2 * PEAK, 3600),
    ]
}

/// A quota's use by so many practices, in hundredths of it.
pub(super) fn percent(quota: &Quota, (units, per): (u128, u128), practices: u128) -> u128 {
    (100 * units * practices).div_ceil(per * u128::from(quota.limit))
}

/// The number of practices that reach it.
pub(super) fn reached_at(quota: &Quota, (units, per): (u128, u128)) -> u128 {
    u128::from(quota.limit) * per / units
}
