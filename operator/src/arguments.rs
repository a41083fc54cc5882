//! What is said on the command line.
#![expect(clippy::doc_markdown, reason = "these comments are the words of --help")]

use clap::{Args, Parser, Subcommand};
use hourkeep_app::usage::Month;
use hourkeep_domain::{
    hours::OpenHours,
    money::Currency,
    text::{Email, Issuer, Name, Reason, Slug, Subject},
    zone::Zone,
};

use crate::{
    found::open_hours,
    limit::{Most, most},
    named::{Named, named},
};

/// Founds practices, lists, suspends, resumes and limits them.
///
/// It writes to the table itself, by the credentials of your AWS profile (AWS_PROFILE) or environment.
///
/// Exit status: 0 done, or so already; 1 refused, nothing changed; 2 wrong arguments; 3 the table could not be reached;
/// 4 done in part, and the message says what is left to do.
#[derive(Debug, Parser)]
#[command(name = "hourkeep-operator", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) at: At,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the practices are.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// The table: the output TableName of the stack.
    #[arg(long, global = true, env = "HOURKEEP_TABLE")]
    pub(crate) table: Option<String>,
    /// Its region; by default the one of your profile or of AWS_REGION.
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,
    /// Where DynamoDB and SES answer, such as a laptop's database; by default AWS, or AWS_ENDPOINT_URL.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Found a practice with its first director
    Found(Box<FoundArguments>),
    /// List all practices, oldest first
    List {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show a practice: its standing, its limits, and what it used in a month
    Show {
        /// Its slug or id
        #[arg(value_parser = named)]
        practice: Named,
        /// A calendar month (UTC) such as 2026-11; this one by default
        #[arg(long)]
        month: Option<Month>,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Stop a practice's changes and mails; everything can still be read and exported
    Suspend {
        /// Its slug or id
        #[arg(value_parser = named)]
        practice: Named,
        /// A sentence for the practice to read
        #[arg(long, value_parser = Reason::parse)]
        reason: Reason,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Let a suspended practice go on; mails that waited leave within the hour
    Resume {
        /// Its slug or id
        #[arg(value_parser = named)]
        practice: Named,
    },
    /// Say how much a practice may do in a calendar month (UTC)
    Limit(LimitArguments),
    /// Make or repair the SES tenant by which a practice's mail is sent
    Tenant {
        /// Its slug or id
        #[arg(value_parser = named)]
        practice: Named,
        #[command(flatten)]
        resources: ResourceArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct FoundArguments {
    /// The practice's name
    #[arg(long, value_parser = Name::parse)]
    pub(crate) name: Name,
    /// Its name in addresses: lower-case letters, digits and hyphens
    #[arg(long, value_parser = Slug::parse)]
    pub(crate) slug: Slug,
    /// Its time zone, such as America/Vancouver
    #[arg(long, value_parser = Zone::parse)]
    pub(crate) zone: Zone,
    /// The currency of its prices, such as CAD
    #[arg(long, value_parser = Currency::parse)]
    pub(crate) currency: Currency,
    /// The director's name
    #[arg(long, value_parser = Name::parse)]
    pub(crate) director: Name,
    /// The director's mail address, to which replies go
    #[arg(long, value_parser = Email::parse)]
    pub(crate) email: Email,
    /// Who vouches for the director: the iss of their tokens (the output TokenIssuer of the stack)
    #[arg(long, value_parser = Issuer::parse)]
    pub(crate) issuer: Issuer,
    /// Whom it vouches for: the sub of their tokens (Cognito: the user's sub, not their address)
    #[arg(long, value_parser = Subject::parse)]
    pub(crate) subject: Subject,
    /// When the director works, as days and times; may be said several times, and none is "none"
    #[arg(long, value_name = "DAYS FROM-UNTIL", default_value = "mon-fri 09:00-17:00", value_parser = open_hours)]
    pub(crate) hours: Vec<DayHours>,
    #[command(flatten)]
    pub(crate) resources: ResourceArguments,
}

/// Some days' hours, as one argument says them.
pub(crate) type DayHours = Box<[OpenHours]>;

/// What a tenant sends by; both or neither.
#[derive(Debug, Args)]
pub(crate) struct ResourceArguments {
    /// The ARN of the mail domain's identity in SES: the output MailIdentityArn of the stack
    #[arg(long, env = "HOURKEEP_SES_IDENTITY_ARN", requires = "configuration_set_arn", value_name = "ARN", value_parser = arn)]
    pub(crate) identity_arn: Option<String>,
    /// The ARN of SES's configuration set: the output ConfigurationSetArn of the stack
    #[arg(long, env = "HOURKEEP_SES_CONFIGURATION_SET_ARN", requires = "identity_arn", value_name = "ARN", value_parser = arn)]
    pub(crate) configuration_set_arn: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LimitArguments {
    /// Its slug or id
    #[arg(value_parser = named)]
    pub(crate) practice: Named,
    /// How many sessions it may book, or "none" for no limit
    #[arg(long, value_parser = most, required_unless_present = "mails_per_month", value_name = "NUMBER|none")]
    pub(crate) sessions_per_month: Option<Most>,
    /// How many mails it may send, or "none" for no limit
    #[arg(long, value_parser = most, required_unless_present = "sessions_per_month", value_name = "NUMBER|none")]
    pub(crate) mails_per_month: Option<Most>,
}

fn arn(text: &str) -> Result<String, &'static str> {
    if text.starts_with("arn:") { Ok(text.to_owned()) } else { Err("must be an ARN, which begins with arn:") }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_limit_says_which() {
        let read = |words: &[&str]| Arguments::try_parse_from([&["hourkeep-operator", "limit", "clinic"], words].concat()).is_ok();
        assert!(!read(&[]));
        assert!(read(&["--mails-per-month", "none"]));
        assert!(read(&["--sessions-per-month", "0", "--mails-per-month", "100"]));
        assert!(!read(&["--sessions-per-month", "-1"]) && !read(&["--sessions-per-month", "many"]));
    }
}
