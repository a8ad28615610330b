"""Every error a user can meet: its exit code and its remedy, in one place.

An error of the whole run is a `DeidError`: it carries one line for the user and one remedy, and the CLI turns it into
its `ExitCode`. Trouble with a single instance never raises that far; it ends as a `Reason` in that instance's outcome.
Neither may quote a value, a path or a name that comes from the input: paths the user typed are fine.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any, ClassVar


class ExitCode(IntEnum):
    """Exit codes of the `deid` command; `docs/errors.md` is checked against this table."""

    OK = 0
    BUG = 1
    USAGE = 2
    INCOMPLETE = 3
    INPUT_OUTPUT = 4
    PROFILE = 5
    KEY = 6
    ENVIRONMENT = 7
    INTERRUPTED = 130
    STOPPED = 143

    @property
    def meaning(self) -> str:
        """One sentence for `--help` and the documentation."""
        return _EXIT_MEANINGS[self]


_EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "every DICOM instance was released, or left out because the profile says so",
    ExitCode.BUG: "an error inside deid itself; nothing unverified was written",
    ExitCode.USAGE: "the command line was not understood",
    ExitCode.INCOMPLETE: "the run ended, but some instances were quarantined or failed (`verify`: differ)",
    ExitCode.INPUT_OUTPUT: "IN, OUT, the audit log or the vault can't be read or written, or lacks what was asked for",
    ExitCode.PROFILE: "the profile or an option is unknown or invalid",
    ExitCode.KEY: "the secret key or passphrase can't be read, or is not the right one",
    ExitCode.ENVIRONMENT: "a library or a model that deid needs is missing",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C; run again to go on with what is not in OUT yet",
    ExitCode.STOPPED: "stopped by SIGTERM or SIGHUP after the instances at work; run again to go on with the others",
}


class DeidError(Exception):
    """An error that ends the run: one line that says what is wrong, one that says what to do about it."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self.message, self.remedy)


def _remake(kind: type[DeidError], message: str, remedy: str) -> DeidError:
    """Rebuild an error that comes pickled from a worker process."""
    return kind(message, remedy=remedy)


class UsageError(DeidError):
    """The arguments contradict each other."""

    exit_code = ExitCode.USAGE


class InputOutputError(DeidError):
    """IN, OUT or the audit log can't be used."""

    exit_code = ExitCode.INPUT_OUTPUT


class VaultDamagedError(InputOutputError):
    """Bytes of a vault are not those that were written."""


class ProfileError(DeidError):
    """A profile or option is unknown, malformed or contradicts itself."""

    exit_code = ExitCode.PROFILE


class KeyFileError(DeidError):
    """The secret key is missing, unreadable, open to others or malformed."""

    exit_code = ExitCode.KEY


class EnvironmentFault(DeidError):  # noqa: N818 - EnvironmentError is a built-in of another meaning
    """A shared library, model or data file that deid needs is not there, or not the one it should be."""

    exit_code = ExitCode.ENVIRONMENT


class Interrupted(DeidError):  # noqa: N818 - no error of anything, but the end of a run all the same
    """The user pressed Ctrl-C."""

    exit_code = ExitCode.INTERRUPTED


class Reason(StrEnum):
    """Why an instance was not released. The value is the code in the audit log."""

    NOT_DICOM = "not-dicom"
    PACKED = "packed"
    DICOMDIR = "dicomdir"
    DICOMDIR_REBUILT = "dicomdir-rebuilt"
    SYMLINK = "symbolic-link"
    SPECIAL_FILE = "special-file"
    OUTSIDE_IN = "outside-in"
    UNREADABLE = "unreadable"
    ARCHIVE_DAMAGED = "archive-damaged"
    ARCHIVE_ENCRYPTED = "archive-encrypted"
    NESTED_ARCHIVE = "nested-archive"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    NO_SOP_INSTANCE = "no-sop-instance"
    UNSUPPORTED_SYNTAX = "unsupported-transfer-syntax"
    UNDECODABLE_PIXELS = "undecodable-pixels"
    UNREDACTABLE_PIXELS = "unredactable-pixels"
    UNCHECKED_CONTENT = "unchecked-content"
    LEFT_OUT = "left-out"
    NOT_IN_MAP = "not-in-map"
    TOO_LARGE = "too-large"
    DUPLICATE_INSTANCE = "duplicate-sop-instance"
    SAME_INSTANCE = "same-instance-again"
    PLAN_NOT_REALISED = "plan-not-realised"
    KNOWN_VALUE_LEFT = "known-value-left"
    TEXT_LEFT = "text-left"
    PIXELS_DAMAGED = "pixels-changed-outside-regions"
    TIME_LIMIT = "time-limit"
    WORKER_DIED = "worker-died"
    INTERNAL = "internal-error"

    @property
    def meaning(self) -> str:
        """What happened, in one clause."""
        return _REASONS[self][0]

    @property
    def remedy(self) -> str:
        """What the user can do about it."""
        return _REASONS[self][1]


_REASONS: dict[Reason, tuple[str, str]] = {
    Reason.NOT_DICOM: ("the file is not DICOM", "nothing to do: other files are left where they are"),
    Reason.PACKED: (
        "it is packed (gzip, bzip2, xz, zstd, 7z or rar), and only zip and tar are opened",
        "unpack it if it holds DICOM, then run again",
    ),
    Reason.DICOMDIR: (
        "a DICOMDIR only indexes other files",
        "nothing to do: a run makes one for what it releases",
    ),
    Reason.DICOMDIR_REBUILT: ("a DICOMDIR only indexes other files; OUT has one of its own", "nothing to do"),
    Reason.SYMLINK: ("a symbolic link is not followed", "copy the file itself into IN if it belongs to the work"),
    Reason.SPECIAL_FILE: ("it is a pipe, socket or device", "nothing to do"),
    Reason.OUTSIDE_IN: (
        "the list names a file that does not lie in IN",
        "name a folder as IN that holds all of the list",
    ),
    Reason.UNREADABLE: ("the file can't be read", "check its permissions and the disk, then run again"),
    Reason.ARCHIVE_DAMAGED: (
        "the archive, or this member of it, is not whole",
        "fetch the archive again; what could be read of it is done",
    ),
    Reason.ARCHIVE_ENCRYPTED: ("the member of the archive is encrypted", "unpack it with its password, then run again"),
    Reason.NESTED_ARCHIVE: ("an archive inside an archive is not opened", "unpack the outer one, then run again"),
    Reason.TRUNCATED: ("the file ends before its attributes do", "send the instance again from its source"),
    Reason.MALFORMED: ("the data set can't be parsed", "check the file with dcmdump, or send it again"),
    Reason.NO_SOP_INSTANCE: ("SOP Class or Instance UID is missing", "repair the file, or leave it out"),
    Reason.UNSUPPORTED_SYNTAX: (
        "pixels in this transfer syntax can't be checked and redacted",
        "convert it, for example with dcmconv or gdcmconv, or leave it out",
    ),
    Reason.UNDECODABLE_PIXELS: ("the pixel data can't be decoded", "send the instance again from its source"),
    Reason.UNREDACTABLE_PIXELS: (
        "identifying text was found, but these frames can't be edited exactly",
        "convert it to a lossless transfer syntax first",
    ),
    Reason.UNCHECKED_CONTENT: (
        "it holds content that can't be checked, such as an encapsulated document",
        "leave it out, or remove that content first",
    ),
    Reason.LEFT_OUT: (
        "the profile leaves out instances of this kind",
        "nothing to do; `pixels:` in a profile of your own decides otherwise",
    ),
    Reason.NOT_IN_MAP: (
        "a value that a map rule should replace is not in its table",
        "add it to the CSV file, or leave the instance out",
    ),
    Reason.TOO_LARGE: (
        "it is larger than memory or bounds allow",
        "raise --memory-limit, split the instance, or leave it out",
    ),
    Reason.DUPLICATE_INSTANCE: (
        "another file has the same SOP Instance UID and other content",
        "keep one of the two in IN",
    ),
    Reason.SAME_INSTANCE: ("the same instance came before, with the same content", "nothing to do: it is in OUT once"),
    Reason.PLAN_NOT_REALISED: ("the new file does not match its plan", "please report this: it is a fault of deid"),
    Reason.KNOWN_VALUE_LEFT: (
        "an identifying value of the header is still in the new file",
        "look at it with `deid inspect`, then add a rule to your profile",
    ),
    Reason.TEXT_LEFT: (
        "identifying text could be read beside what went black, even after a second redaction",
        "look at it with `deid inspect`, then raise `margin:` or list a region in a file of devices",
    ),
    Reason.PIXELS_DAMAGED: ("pixels outside the regions changed", "please report this: it is a fault of deid"),
    Reason.TIME_LIMIT: ("it took longer than the time limit", "raise --time-limit, or leave it out"),
    Reason.WORKER_DIED: (
        "two worker processes died on it, perhaps for want of memory",
        "check the file; run it alone to see whether it happens again",
    ),
    Reason.INTERNAL: ("an unexpected error inside deid", "please report the error's type and place in the audit log"),
}


class InstanceError(Exception):
    """One instance can't be released. Holds a `Reason` and a detail that is free of values from the input."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
