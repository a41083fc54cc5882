"""What deploying needs is asked for first, and the web app's files arrive as browsers are to have them."""

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
import deploy
from moto import mock_aws


class Deploy(unittest.TestCase):
    def missing(self, what, *arguments) -> str:
        with self.assertRaises(deploy.Missing) as raised:
            what(*arguments)
        return str(raised.exception)

    def test_a_stage_must_be_said(self):
        samconfig = deploy.ROOT / "samconfig.toml"
        self.assertIn("STAGE=dev", self.missing(deploy.parameters, "", samconfig))
        self.assertEqual(deploy.parameters("prod", samconfig)["Mfa"], "ON")

    def test_domains_of_the_example_are_not_deployed(self):
        example = {"BaseUrl": "https://app.hourkeep.example", "MailDomain": "mail.clinic.org"}
        self.assertIn("the example's BaseUrl:", self.missing(deploy.own_domains, example))
        deploy.own_domains({"BaseUrl": "https://app.clinic.org", "MailDomain": "mail.clinic.org"})

    def test_region_and_credentials_must_be_there(self):
        self.assertIn("AWS_REGION", self.missing(deploy.account, FakeSession(None, None)))
        self.assertIn("AWS_PROFILE", self.missing(deploy.account, FakeSession("eu-west-1", None)))

    @mock_aws
    def test_files_arrive_with_their_kinds_and_old_ones_stay(self):
        session = boto3.Session("local", "local", region_name="us-east-1")
        s3, cloudfront = session.client("s3"), session.client("cloudfront")
        s3.create_bucket(Bucket="web")
        s3.put_object(Bucket="web", Key="assets/app-0f9e.js", Body=b"", ContentType="text/javascript", CacheControl=deploy.FOR_EVER)
        origin = {"Id": "web", "DomainName": "web.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        cached = {"TargetOriginId": "web", "ViewerProtocolPolicy": "https-only"}
        config = {
            "CallerReference": "1", "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]}, "DefaultCacheBehavior": cached,
        }  # fmt: skip
        distribution = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
        with TemporaryDirectory() as folder:
            self.assertIn("no index.html", self.missing(deploy.publish, session, Path(folder), "web", distribution))
            Path(folder, "index.html").write_text("<!doctype html>")
            Path(folder, "assets").mkdir()
            Path(folder, "assets/app-1a2b.js").write_text("")
            self.assertEqual(deploy.publish(session, Path(folder), "web", distribution), 2)
        there = {item["Key"]: s3.head_object(Bucket="web", Key=item["Key"]) for item in s3.list_objects_v2(Bucket="web")["Contents"]}
        told = {name: (its["ContentType"], its["CacheControl"]) for name, its in there.items()}
        script = ("text/javascript", deploy.FOR_EVER)
        files = {"assets/app-0f9e.js": script, "assets/app-1a2b.js": script, "index.html": ("text/html", "no-cache")}
        self.assertEqual(told, files)
        listed = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]
        self.assertEqual(listed["Quantity"], 1)


class FakeSession:
    def __init__(self, region_name, credentials):
        self.region_name = region_name
        self.credentials = credentials

    def get_credentials(self):
        return self.credentials


if __name__ == "__main__":
    unittest.main()
