//! What a thousand sessions cost: counts times prices.

use super::{
    figures::{List, Measured, Price, WarmMs},
    life::{Life, Step, Work},
    money::{Money, grouped},
};

/// So much of something, and what it costs.
pub(super) struct Line {
    pub(super) what: &'static str,
    pub(super) quantity: String,
    pub(super) cost: Money,
}

/// Headers of an answer, its status line and TLS's share: an estimate.
const HEADER_BYTES: u64 = 700;
/// What `CloudWatch` adds to each line that it takes in.
const LINE_OVERHEAD: u64 = 26;
const GB: u128 = 1 << 30;

/// The three kinds of functions, with what one invocation computes.
type Kind = (fn(&Step) -> &Work, fn(&WarmMs) -> u64);
pub(super) const KINDS: [Kind; 3] =
    [(|step| &step.request, |warm| warm.request), (|step| &step.relay, |warm| warm.relay), (|step| &step.mail, |warm| warm.mail)];

/// What a thousand sessions take.
pub(super) struct Bill<'a> {
    pub(super) life: &'a Life,
    pub(super) list: &'a List,
    pub(super) measured: &'a Measured,
}

impl Bill<'_> {
    fn price(&self, name: &str) -> &Price {
        &self.list.prices[name]
    }

    /// The sum of something over a thousand sessions.
    pub(super) fn sum(&self, of: impl Fn(&Step) -> u64) -> u128 {
        self.life.steps.iter().map(|step| u128::from(step.times) * u128::from(of(step))).sum()
    }

    fn work(&self, of: impl Fn(&Work) -> u64) -> u128 {
        self.sum(|step| KINDS.iter().map(|(work, _)| of(work(step))).sum())
    }

    pub(super) fn requests(&self) -> u128 {
        self.sum(|step| step.request.invocations)
    }

    pub(super) fn invocations(&self) -> u128 {
        self.work(|work| work.invocations)
    }

    pub(super) fn mails(&self) -> u128 {
        self.work(|work| work.mails)
    }

    pub(super) fn writes(&self) -> u128 {
        self.work(|work| work.writes)
    }

    pub(super) fn half_reads(&self) -> u128 {
        self.work(|work| work.half_reads)
    }

    pub(super) fn fired(&self) -> u128 {
        self.sum(|step| step.fired)
    }

    pub(super) fn armed(&self) -> u128 {
        // Every timer fires in the end.
        self.fired()
    }

    /// Hundredths of milliseconds that some work is billed for.
    pub(super) fn centi_ms(&self, work: &Work, warm_ms: u64) -> u64 {
        let (m, wait) = (self.measured, &self.measured.wait_ms);
        let waits = work.rounds * wait.dynamodb
            + work.transactions * wait.transaction
            + work.queued * wait.sqs
            + work.armed * wait.scheduler
            + work.mails * wait.ses;
        // Lambda bills whole milliseconds.
        100 * (work.invocations * (m.throttled(warm_ms) + 1) + waits) + m.cold_in_hundred * m.init_ms * work.invocations
    }

    /// Of all functions, for a thousand sessions.
    pub(super) fn lambda_centi_ms(&self) -> u128 {
        self.sum(|step| KINDS.iter().map(|(work, warm)| self.centi_ms(work(step), warm(&self.measured.warm_ms))).sum())
    }

    pub(super) fn lambda_time(&self, centi_ms: u128) -> Money {
        self.price("lambda_arm64").part_of(centi_ms * u128::from(self.measured.memory_mb), 100 * 1000 * 1024)
    }

    fn log_bytes(&self) -> u128 {
        let of = &self.measured.log_bytes;
        // Of each invocation the function writes a line; Lambda's own are switched off in the template.
        self.invocations() * u128::from(of.own + LINE_OVERHEAD) + self.requests() * u128::from(of.access + LINE_OVERHEAD)
    }

    /// Bytes that a thousand sessions leave in the table.
    pub(super) fn stored(&self) -> u128 {
        let of = |step: &Step| i128::from(step.times) * i128::from(step.kept_bytes);
        self.life.steps.iter().map(of).sum::<i128>().try_into().unwrap()
    }

    /// All of it but SES's price of a mail, which is apart: it is the same whatever sends.
    pub(super) fn lines(&self) -> Vec<Line> {
        let count = |what, name: &str, units: u128| Line { what, quantity: grouped(units), cost: self.price(name).of(units) };
        let volume = |what, name: &str, bytes: u128| Line {
            what,
            quantity: format!("{} MB", grouped(bytes.div_ceil(1 << 20))),
            cost: self.price(name).part_of(bytes, GB),
        };
        let half_reads = self.half_reads();
        let (jobs, ms) = (self.sum(|step| step.mail.invocations), self.lambda_centi_ms());
        let stored = self.stored();
        let answers = self.sum(|step| if step.request.invocations > 0 { step.answer_bytes + HEADER_BYTES } else { 0 });
        vec![
            count("API Gateway: requests", "http_api", self.requests()),
            volume("Answers to the internet", "data_out", answers),
            count("Lambda: invocations", "lambda_requests", self.invocations()),
            Line {
                what: "Lambda: seconds",
                quantity: format!("{} s of {} MB", grouped(ms.div_ceil(100_000)), self.measured.memory_mb),
                cost: self.lambda_time(ms),
            },
            Line {
                what: "DynamoDB: read units",
                quantity: grouped(half_reads.div_ceil(2)),
                cost: self.price("dynamodb_read").part_of(half_reads, 2),
            },
            count("DynamoDB: write units", "dynamodb_write", self.writes()),
            volume("DynamoDB: kept for a month", "dynamodb_storage", stored),
            volume("DynamoDB: recovery of what is kept", "dynamodb_recovery", stored),
            // Sent, received, deleted: one message at a time, the dearest case.
            count("SQS: requests", "sqs", 3 * jobs),
            count("Scheduler: timers that fire", "scheduler", self.fired()),
            volume("SES: data of mails", "ses_data", self.work(|work| work.mail_bytes)),
            volume("Logs", "logs", self.log_bytes()),
        ]
    }

    /// The sum that the budget is for.
    pub(super) fn besides_mail(&self) -> Money {
        self.lines().into_iter().map(|line| line.cost).sum()
    }

    pub(super) fn mail(&self, plan: &str) -> Money {
        self.price(plan).of(self.mails())
    }
}
