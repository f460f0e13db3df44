"""Who letters are from and to: addressees, those who get copies, signatories, the sender.

With the base of all shapes that YAML files are read into; the others are in `letters.model`.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+$")]


class Model(BaseModel):
    """A frozen shape that refuses keys it does not know.

    A key that Python or pydantic keeps for itself, such as "from", ends in an underscore here.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.rstrip("_")
    )


class Person(Model):
    """An addressee, or someone a letter is copied to: a person, an office, or both."""

    name: Text | None = Field(None, description="The person's name, as printed.")
    honours: Text | None = Field(None, description="Letters after the name, such as QPM.")
    office: Text | None = Field(None, description="The office held, such as Chief Constable.")
    organisation: str | None = Field(
        None,
        description="Printed under the office; an addressee's is the force's name unless given, "
        "and nothing where it is 'none'.",
    )
    postal: tuple[Text, ...] = Field((), description="Postal address, a line each. Private.")
    email: Email | None = Field(None, description="E-mail address. Private.")


class Recipient(Model):
    """Who gets a force's letter. One entry of `recipients.yaml`, under the force's id."""

    id: Id = Field(exclude=True)
    name: Text = Field(description="The force's name, as printed.")
    addressees: tuple[Person, ...] = Field(
        min_length=1, description="Those the letter is written to, in the order printed."
    )
    salutation: tuple[Text, ...] = Field(
        min_length=1, max_length=2, description="The people that the letter greets: one or two."
    )
    copied_to: tuple[Person, ...] = Field(
        description="Those who get a copy: an office, or a person and an office. 'none' for no one."
    )
    also_known_as: tuple[Text, ...] = Field(
        (), description="Other names and abbreviations the force goes by, such as GMP."
    )
    delivery: Text | None = Field(None, description="The delivery line, such as 'Via email'.")
    signatory: tuple[Id, ...] = Field(
        (), description="Who signs this recipient's letters: one, or several in order."
    )


class Signatory(Model):
    """Who signs: name, honours, offices in the order printed, and how to reach that person."""

    name: Text = Field(description="The signatory's name, as printed.")
    honours: Text | None = Field(None, description="Letters after the name, such as QPM.")
    offices: tuple[Text, ...] = Field(min_length=1, description="Offices held, a line each.")
    signature: Text | None = Field(
        None,
        description="Image of the signature, PNG or JPEG, in the round's folder; without one there "
        "is room to sign.",
    )
    address: tuple[Text, ...] = Field(
        (), description="The person's office, a line each; the sender's address unless given."
    )
    phone: Text | None = Field(None, description="The person's direct line.")
    email: Email | None = Field(None, description="The person's e-mail address.")


class Contact(Model):
    """Who answers queries about a letter."""

    name: Text = Field(description="The contact's name.")
    email: Email | None = Field(None, description="The contact's e-mail address.")
    phone: Text | None = Field(None, description="The contact's telephone number.")


class Sender(Model):
    """The inspectorate, as its letterhead names it."""

    name: Text = Field(description="The inspectorate's name.")
    address: tuple[Text, ...] = Field((), description="The office's address, a line each.")


class Head(StrEnum):
    """Who the web letter is from, in its opening table."""

    SENDER = "sender"
    SIGNATORY = "signatory"


class Group(StrEnum):
    """People who may be printed on one line each: name, office and organisation."""

    ADDRESSEES = "addressees"
    COPIES = "copies"
    SIGNATORIES = "signatories"


class SigningOrder(StrEnum):
    """How several signatories of one letter are set out."""

    SIDE_BY_SIDE = "side by side"
    ONE_AFTER_ANOTHER = "one after another"
