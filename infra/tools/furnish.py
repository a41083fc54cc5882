"""Makes in a moto server what the stack has for functions besides the table, and says how functions find it.

`python furnish.py http://127.0.0.1:5000` prints the variables of the environment as JSON. The table is the one of the embedded
DynamoDB, whose address is to be added as AWS_ENDPOINT_URL_DYNAMODB.
"""

import json
import sys

import boto3

REGION = "us-east-1"
# Whatever is called must not be Amazon's, and needs no secret.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
GROUP = "hourkeep"
MAIL_DOMAIN = "mail.hourkeep.test"
CONFIGURATION_SET = "hourkeep"


def furnish(url: str, seen_at: str | None = None) -> dict[str, str]:
    """The variables of every function, for a moto server at this address; `seen_at` is the same as functions see it."""

    def client(service: str):
        keys = {name.lower(): value for name, value in CREDENTIALS.items()}
        return boto3.client(service, endpoint_url=url, region_name=REGION, **keys)

    sqs = client("sqs")
    names = ("invites", "cancellations", "reminders", "series")
    queues = {name: sqs.create_queue(QueueName=f"hourkeep-{name}")["QueueUrl"] for name in names}
    dead = sqs.create_queue(QueueName="hourkeep-reminders-dead")["QueueUrl"]

    def arn(queue: str) -> str:
        return sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    client("scheduler").create_schedule_group(Name=GROUP)
    client("sesv2").create_email_identity(EmailIdentity=MAIL_DOMAIN)
    client("sesv2").create_configuration_set(ConfigurationSetName=CONFIGURATION_SET)
    at = seen_at or url
    return CREDENTIALS | {
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": at,
        "HOURKEEP_TABLE": "hourkeep",
        "HOURKEEP_QUEUE_INVITES": queues["invites"].replace(url, at),
        "HOURKEEP_QUEUE_CANCELLATIONS": queues["cancellations"].replace(url, at),
        "HOURKEEP_QUEUE_REMINDERS": queues["reminders"].replace(url, at),
        "HOURKEEP_QUEUE_SERIES": queues["series"].replace(url, at),
        "HOURKEEP_SCHEDULE_GROUP": GROUP,
        "HOURKEEP_SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/hourkeep-timers",
        "HOURKEEP_REMINDERS_QUEUE_ARN": arn(queues["reminders"]),
        "HOURKEEP_REMINDERS_DEAD_LETTER_ARN": arn(dead),
        "HOURKEEP_SES_CONFIGURATION_SET": CONFIGURATION_SET,
        "HOURKEEP_MAIL_DOMAIN": MAIL_DOMAIN,
        "HOURKEEP_BASE_URL": "https://app.hourkeep.test",
        "HOURKEEP_EXPORT_URL": "https://export.hourkeep.test",
        "HOURKEEP_MANAGE_KEY": "for this machine only, and no secret",
        "HOURKEEP_METRICS": "Hourkeep/local",
        "HOURKEEP_LOG": "info",
    }


if __name__ == "__main__":
    print(json.dumps(furnish(sys.argv[1])))
