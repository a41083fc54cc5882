"""A lint that finds nothing has to be one that could."""

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import lint


def broken(folder: str, before: str, after: str) -> Path:
    """A copy of the product's template in which this was changed once."""
    text = lint.TEMPLATE.read_text()
    if before not in text:
        raise AssertionError(f"the template has no {before}: break something else")
    copy = Path(folder, "template.yaml")
    copy.write_text(text.replace(before, after, 1))
    return copy


def found_in_what_sam_makes(before: str, after: str) -> str:
    with TemporaryDirectory() as folder:
        copy = broken(folder, before, after)
        return "\n".join(lint.lint_what_sam_makes(copy, {"defaults": lint.REQUIRED}, Path(folder)))


class Lint(unittest.TestCase):
    def test_a_property_that_does_not_exist_is_found_by_sam_validate(self):
        with TemporaryDirectory() as folder:
            copy = broken(folder, "MessageRetentionPeriod:", "MessageRetentionTime:")
            self.assertIn("'MessageRetentionTime' was unexpected", "\n".join(lint.sam_validate(copy)))

    def test_a_reference_to_nowhere_is_found(self):
        self.assertIn("'Tabel'", found_in_what_sam_makes("!GetAtt Table.StreamArn", "!GetAtt Tabel.StreamArn"))

    def test_an_action_that_iam_does_not_know_is_found(self):
        self.assertIn("'fetchitem' is not one of", found_in_what_sam_makes("dynamodb:GetItem", "dynamodb:FetchItem"))

    def test_a_reference_to_what_is_made_only_sometimes_is_found(self):
        sometimes = "Value: !If [OwnUserPool, !GetAtt People.ProviderURL, !Ref OidcIssuer]"
        self.assertIn("'People' that may not be available", found_in_what_sam_makes(sometimes, "Value: !GetAtt People.ProviderURL"))

    def test_a_template_that_sam_cannot_translate_is_not_fine(self):
        self.assertIn("'Runtme' is not", found_in_what_sam_makes("Runtime: provided.al2023", "Runtme: provided.al2023"))

    def test_parameters_must_be_known_given_and_of_their_form(self):
        template = {
            "Parameters": {
                "Domain": {"Type": "String", "AllowedPattern": "[a-z.]+"},
                "Days": {"Type": "Number", "Default": 30, "AllowedValues": [30, 90]},
            }
        }
        self.assertEqual(lint.unfit(template, {"Domain": "mail.test", "Days": "90"}), [])
        self.assertEqual(
            lint.unfit(template, {"Days": "31", "Day": "30"}),
            [
                "the parameter Domain is needed",
                "31 is none of the allowed values of the parameter Days",
                "there is no parameter Day",
            ],
        )
        self.assertEqual(lint.unfit(template, {"Domain": "MAIL"}), ["MAIL is not of the pattern of the parameter Domain"])

    def test_what_is_written_about_the_stages_is_read(self):
        stages = lint.stages(lint.INFRA.parent / "samconfig.toml")
        self.assertEqual(set(stages), {"dev", "prod"})
        self.assertTrue(all(stage["BaseUrl"].startswith("https://") for stage in stages.values()))


if __name__ == "__main__":
    unittest.main()
