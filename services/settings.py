"""Every setting, its default and its meaning. Each is an environment variable with the prefix FABRIC_."""

from __future__ import annotations

import functools
import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once per process by `settings()`; tests build their own."""

    model_config = SettingsConfigDict(env_prefix="FABRIC_", extra="ignore")

    data_dir: Path = Field(Path(".data"), description="Folder of the record, the index and the keys.")
    demo: bool = Field(
        True,
        description="Fill an empty data folder with the demo cohort and demo accounts. Refused unless the "
        "server is bound to loopback. Set 0 for real patients.",
    )
    timezone: str = Field("UTC", description="The clinic's time zone (IANA name), for times on the screen.")
    embedding_model_path: Path | None = Field(
        None, description="A MiniLM-L6 ONNX file to use instead of the packaged one (same vocabulary)."
    )
    embedding_threads: int = Field(
        0, ge=0, le=256, description="Cores used for bulk embedding; 0 means all of them."
    )
    llm_router_url: str | None = Field(
        None,
        description="An OpenAI-compatible router (for example http://127.0.0.1:8080) to use instead of the one in "
        "this process, for chat and embeddings.",
    )
    llm_api_key: SecretStr = Field(SecretStr("fabric-emr-key"), description="Bearer key for the router.")
    llm_client_id: str = Field("fabric-emr", description="X-Client-Id sent to the router.")
    llm_inside_clinic: bool = Field(
        False,
        description="The router at FABRIC_LLM_ROUTER_URL, and every model behind it, is run by the clinic: text is "
        "sent to it as it is.",
    )
    llm_config: Path | None = Field(
        None,
        description="TOML file that names the models behind the router, for `fabric router` and for the console "
        "where FABRIC_LLM_ROUTER_URL is not set.",
    )
    llm_timeout_seconds: float = Field(
        120, gt=0, le=3600, description="Longest wait for a whole answer of a model, streams included."
    )
    llm_silence_seconds: float = Field(
        60, gt=0, le=3600, description="Longest wait for the next byte of an answer."
    )
    llm_connect_seconds: float = Field(
        5, gt=0, le=60, description="Longest wait for a connection to a router."
    )
    llm_retries: int = Field(
        2, ge=0, le=10, description="How often a request that failed before its first word is sent again."
    )
    llm_user_requests_per_minute: int = Field(
        60, ge=0, description="Requests to models that one person may cause in a minute; 0 means no limit."
    )
    llm_bot_requests_per_minute: int = Field(
        600, ge=0, description="Requests to models that one bot may make in a minute; 0 means no limit."
    )
    llm_user_tokens_per_day: int = Field(
        2_000_000, ge=0, description="Tokens that one person may use within 24 hours; 0 means no limit."
    )
    llm_bot_tokens_per_day: int = Field(
        20_000_000, ge=0, description="Tokens that one bot may use within 24 hours; 0 means no limit."
    )
    fhir_url: str | None = Field(
        None,
        description="A FHIR R4 server (such as https://medplum.clinic.example/fhir/R4) that keeps the record, instead of "
        "the data folder alone.",
    )
    fhir_client_id: str | None = Field(None, description="The console's client at the FHIR server.")
    fhir_client_secret: SecretStr | None = Field(None, description="That client's secret.")
    fhir_ca_file: Path | None = Field(
        None, description="Certificates (PEM) by which the FHIR server's own is trusted, instead of the system's."
    )
    fhir_poll_seconds: float = Field(
        5, ge=0.2, le=3600, description="How often the FHIR server is asked what is new, in seconds."
    )
    oidc_issuer: str | None = Field(
        None, description="The clinic's identity provider (OpenID Connect), as it names itself, by which people sign in."
    )
    oidc_client_id: str | None = Field(None, description="The console's client at the identity provider.")
    oidc_client_secret: SecretStr | None = Field(None, description="That client's secret.")
    oidc_audience: str | None = Field(
        None, description="What the provider's access tokens for the API are meant for; by default the client's id."
    )
    oidc_name: str = Field("your clinic's account", description="How the sign-in page calls it: Sign in with …")
    command_policy: Path | None = Field(
        None, description="TOML file with the clinic's policy for AI commands, over the one that is shipped."
    )
    ncci_dir: Path | None = Field(
        None, description="Folder with CMS's NCCI files (procedure-to-procedure and MUE, CSV) for checks of bundling."
    )
    chroma_url: str | None = Field(
        None,
        description="A Chroma server (such as https://chroma.clinic.example:8000) for search over all patients, instead "
        "of Chroma within this process.",
    )
    chroma_tenant: str = Field("default_tenant", description="Tenant on the Chroma server.")
    chroma_database: str = Field("default_database", description="Database on the Chroma server.")
    chroma_token: SecretStr | None = Field(None, description="Token for the Chroma server, sent as X-Chroma-Token.")
    embedding_model: str = Field("embedding-model", description="The router's alias for embeddings.")
    session_hours: int = Field(12, ge=1, le=720, description="How long a browser session lasts, in hours.")
    audit_key: Path | None = Field(
        None,
        description="File of the private key that signs checkpoints of the audit trail; else audit.key in the data "
        "folder. Made at first use.",
    )
    preventive_codes: Path | None = Field(
        None,
        description="Folder with `codes/<value set>.tsv`: licensed codes (CPT, HCPCS, CDT) that add to the value sets "
        "of preventive care.",
    )
    matrix_cache_mb: int = Field(
        512, ge=16, description="Memory for patients' vectors kept ready for search, in MiB."
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"'{value}' is not an IANA time zone, such as Europe/Berlin") from error
        return value

    @field_validator("fhir_url")
    @classmethod
    def _safe_server(cls, value: str | None) -> str | None:
        """The address of the FHIR API: where only a server is named, Medplum's path."""
        if not value:
            return None
        asked = urlsplit(value)
        if asked.scheme not in ("http", "https") or not asked.hostname:
            raise ValueError(f"'{value}' is not an address such as https://medplum.clinic.example/fhir/R4")
        if asked.scheme == "http" and asked.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("patients' data leave this machine by https only; put the server behind TLS")
        path = asked.path.rstrip("/") or "/fhir/R4"
        return f"{asked.scheme}://{asked.netloc}{path}"

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str | None) -> str | None:
        asked = urlsplit(value or "")
        if value and asked.scheme != "https" and asked.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(f"'{value}' is not an https address")
        return value or None

    @field_validator("chroma_url")
    @classmethod
    def _known_server(cls, value: str | None) -> str | None:
        asked = urlsplit(value or "")
        if value and (asked.scheme not in ("http", "https") or not asked.hostname):
            raise ValueError(f"'{value}' is not an address such as http://127.0.0.1:8000")
        return value

    @property
    def database(self) -> Path:
        """The SQLite file of the record."""
        return self.data_dir / "record.sqlite"

    @property
    def audit_key_file(self) -> Path:
        return self.audit_key or self.data_dir / "audit.key"

    @property
    def chroma_dir(self) -> Path:
        """Chroma's folder: an index that can be deleted at any time and is rebuilt from the record."""
        return self.data_dir / "chroma"


@functools.lru_cache(maxsize=1)
def settings() -> Settings:
    """This process's settings."""
    return Settings()  # pyright: ignore[reportCallIssue]
