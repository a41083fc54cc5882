"""All records of one practice: counts them, puts them back from a restored table, or deletes them.

    target/tools/bin/python infra/tools/records.py count    TABLE PRACTICE
    target/tools/bin/python infra/tools/records.py put-back TABLE PRACTICE RESTORED
    target/tools/bin/python infra/tools/records.py delete   TABLE PRACTICE

PRACTICE is its id. What changes anything asks first, wants the practice to be suspended (`make operator ARGS="suspend …"`),
and may be repeated. The whole table is read, since a few records of a practice stand in partitions of other names.
docs/operations.md says when to use it. Credentials and region are those of the environment.
"""

import sys
import time
from itertools import count as numbers

import boto3

Place = tuple[str, str]
# DynamoDB takes so many writes in a request.
BATCH = 25


def records(table: str, practice: str) -> dict[Place, dict]:
    """Every record of a practice by its place. Answers to requests, which are forgotten within a day, are none."""
    mine = "pk = :own OR begins_with(pk, :below) OR sk = :own OR #body.practice = :id OR #body = :id"
    values = {":own": f"P#{practice}", ":below": f"P#{practice}#", ":id": practice, ":requests": f"P#{practice}#REQUEST#"}
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression=f"({mine}) AND NOT begins_with(pk, :requests)",
        ExpressionAttributeNames={"#body": "body"},
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
    )
    return {place(item): item for page in pages for item in page["Items"]}


def place(item: dict) -> Place:
    return item["pk"]["S"], item["sk"]["S"]


def is_suspended(found: dict[Place, dict], practice: str) -> bool:
    account = found.get((f"P#{practice}", "ACCOUNT"), {})
    standing = account.get("body", {}).get("M", {}).get("standing", {}).get("M", {})
    return standing.get("standing", {}).get("S") == "suspended"


def write(table: str, requests: list[dict]) -> None:
    """Writes in batches, and what DynamoDB had no room for again."""
    dynamodb = boto3.client("dynamodb")
    for start in range(0, len(requests), BATCH):
        left = {table: requests[start : start + BATCH]}
        for attempt in numbers():
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems", {})
            if not left:
                break
            time.sleep(min(2**attempt / 10, 10))


def deletion(at: Place) -> dict:
    return {"DeleteRequest": {"Key": {"pk": {"S": at[0]}, "sk": {"S": at[1]}}}}


def agreed(question: str, practice: str) -> bool:
    return input(f"{question} Type the practice's id to go on: ").strip() == practice


def main(arguments: list[str]) -> int:
    match arguments:
        case ["count", table, practice]:
            print(f"{len(records(table, practice))} records")
            return 0
        case ["put-back", table, practice, restored]:
            now, then = records(table, practice), records(restored, practice)
            # The account says that the practice is suspended: it stays as it is until the operator resumes it.
            account = (f"P#{practice}", "ACCOUNT")
            changed = [{"PutRequest": {"Item": item}} for at, item in then.items() if at != account and now.get(at) != item]
            gone = [deletion(at) for at in now if at not in then and at != account]
            question = f"{len(changed)} records are put back into {table} as they are in {restored}, {len(gone)} are deleted."
            writes = changed + gone
        case ["delete", table, practice]:
            now = records(table, practice)
            # The account last: without it, what is left of a deletion cut off would be an active practice.
            places = sorted(now, key=lambda at: at == (f"P#{practice}", "ACCOUNT"))
            question = f"{len(now)} records are deleted from {table}, for good (but for point-in-time recovery)."
            writes = [deletion(at) for at in places]
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    if not now:
        print("There is no such practice.", file=sys.stderr)
        return 1
    if not is_suspended(now, practice):
        print("The practice is not suspended: its people may be writing. Suspend it first.", file=sys.stderr)
        return 1
    if not agreed(question, practice):
        print("Nothing was changed.", file=sys.stderr)
        return 1
    write(table, writes)
    print("Done.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
