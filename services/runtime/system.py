"""The whole system of one process, put together from the settings."""

from __future__ import annotations

import datetime as dt
import functools
import logging
import threading
import zoneinfo
from collections.abc import Callable
from sqlite3 import Connection

from services.accounts.directory import Directory
from services.accounts.gates import Gates
from services.accounts.guarded import GuardedRepository
from services.accounts.oidc import Provider
from services.accounts.policy import ADMINISTRATIVE, policy_of
from services.accounts.roles import Principal
from services.accounts.service import Accounts
from services.audit.checkpoints import Signer
from services.audit.events import AuditLog
from services.audit.executions import execution_event, now
from services.audit.ledger import Ledger
from services.bots.clinical_decision_support.store import FindingStore
from services.bots.context import Context
from services.chart.chart import Charts
from services.commands.gate import TaskGate
from services.commands.journal import Journal
from services.commands.policy import load_policy
from services.commands.processor import Desk
from services.drafts.gate import NoteGate
from services.drafts.store import DraftStore
from services.fhir.database import Database
from services.fhir.remote.client import FhirClient
from services.fhir.remote.repository import RemoteRepository
from services.fhir.repository import Repository
from services.fhir.sqlite import SQLiteRepository, Written
from services.index.owner import Owner
from services.index.pipeline import Pipeline
from services.index.places import Folder, Place, Server
from services.index.population import Population
from services.index.search import Retriever
from services.index.store import IndexStore
from services.index.view import Views
from services.llm.client import router_client
from services.llm.embeddings import embedding_model
from services.runtime.analyst import Analyst
from services.runtime.bots import keep_built_in
from services.runtime.demo_proposals import propose
from services.runtime.execution import Executed
from services.runtime.remote import RemoteRecord
from services.runtime.remote_tasks import ArrivingTasks
from services.runtime.subscriptions.matching import MOST_DEEP, queue_matches
from services.runtime.subscriptions.queue import Queue
from services.runtime.subscriptions.worker import SubscriptionWorker
from services.runtime.sweeper import Sweeper
from services.runtime.worker import Worker
from services.settings import Settings, settings

log = logging.getLogger("fabric")


class System:
    """Everything a page, a route or a command works with. `start()` begins the background work."""

    def __init__(self, config: Settings) -> None:
        self.settings = config
        self.database = Database(config.database)
        self.repository = self._record()
        self.directory = Directory(self.repository)
        self.accounts = Accounts(self.database, self.directory.enrol, _provider(config))
        self.store = IndexStore(self.database)
        self.ledger = Ledger(self.database)
        self.repository.listeners.append(self.ledger.follow)
        self.audit = AuditLog(self.repository)
        self.router = router_client(config, self.audit.of_model)
        self.model = embedding_model(config, self.router)
        self.views = Views(self.store, config.matrix_cache_mb)
        self.population = Population(self.store, self._place())
        self.pipeline = Pipeline(self.repository, self.store, self.model)
        self.retriever = Retriever(self.store, self.views, self.population, self.model)
        self.charts = Charts()
        self.desk = Desk(
            self.repository, Journal(self.database), self.charts, self.audit, load_policy(config.command_policy),
            zoneinfo.ZoneInfo(config.timezone),
        )  # fmt: skip
        self.signer = Signer(config.audit_key_file)
        self.drafts = DraftStore(self.database)
        self.repository.listeners.append(self.drafts.follow)
        self.gate = Gates(TaskGate(self.desk), NoteGate(self.repository, self.audit))
        self.owner = Owner(config.data_dir)
        self.remote = self._remote()
        self.sweeper = Sweeper(self.desk, self.remote.alone if self.remote else None)
        self.worker = Worker(self.owner, self.pipeline, self.population, self.views)
        self.findings = FindingStore(self.database)
        self.analyst = Analyst(self.repository, self.charts, self.findings, self.owner)
        self.queue = Queue(self.database)
        self.subscriptions = SubscriptionWorker(self)
        self.executed: list[Callable[[Executed], None]] = []
        self._started = threading.Lock()
        self._queued = threading.Event()
        self.repository.listeners.append(self._follow)
        self._committed, self.database.committed = self.database.committed, self._wake
        self.directory.enrol_all(self.accounts.members())
        keep_built_in(self)

    def _record(self) -> SQLiteRepository:
        config = self.settings
        if config.fhir_url is None:
            return SQLiteRepository(self.database)
        secret = config.fhir_client_secret.get_secret_value() if config.fhir_client_secret else None
        client = FhirClient(config.fhir_url, config.fhir_client_id, secret, ca_file=config.fhir_ca_file)
        # Who may do what, and what runs, belongs to this console.
        return RemoteRepository(self.database, client, ADMINISTRATIVE, config.data_dir / "outgoing")

    def _remote(self) -> RemoteRecord | None:
        if not isinstance(self.repository, RemoteRepository):
            return None
        self.repository.listeners.append(ArrivingTasks(self.repository, self.desk.journal).follow)
        return RemoteRecord(
            self.repository, self.owner, self.settings.fhir_poll_seconds, self.store.installation()
        )

    def _place(self) -> Place:
        config = self.settings
        if config.chroma_url is None:
            return Folder(config.chroma_dir)
        token = config.chroma_token.get_secret_value() if config.chroma_token else None
        return Server(
            self.store.installation(), config.chroma_url, config.chroma_tenant, config.chroma_database, token
        )

    def _follow(self, connection: Connection, written: Written) -> None:
        """Queue what subscriptions ask for, inside the transaction of the change."""
        for subscription in queue_matches(connection, written):
            self.audit.keep(
                execution_event(
                    "transmit", bot=None, requester=written.author, profile=None, started=now(), failed=True,
                    about=[f"Subscription/{subscription}", written.stored.reference],
                    log=f"Stopped: {MOST_DEEP} subscriptions followed from one another, which looks like a loop.",
                )
            )  # fmt: skip
        self._queued.set()

    def _wake(self) -> None:
        self._committed()
        if self._queued.is_set():
            self._queued.clear()
            self.subscriptions.wake()

    def start(self) -> None:
        """Begin to follow the record's changes in the background. Idempotent."""
        with self._started:
            self.worker.start()
            if self.remote:
                self.remote.start()
            self.subscriptions.start()
            self.sweeper.start()
            self.analyst.start()

    def stop(self) -> None:
        self.analyst.stop()
        self.sweeper.stop()
        self.subscriptions.stop()
        if self.remote:
            self.remote.stop()
        self.worker.stop()
        self.router.close()
        self.database.close()

    def repository_for(self, principal: Principal) -> Repository:
        """The record as this person may see it: every page, route and bot reads through it."""
        principal.require("read")
        policy = policy_of(self.repository, principal.reference)
        return GuardedRepository(self.repository, principal, policy, self.gate)

    def context(self, principal: Principal) -> Context:
        return Context(
            self.repository_for(principal),
            self.store,
            self.pipeline,
            self.retriever,
            principal,
            self.charts,
            self.router,
            self.audit,
            self.desk,
        )

    def seed_demo(self) -> bool:
        """Fill an empty record with the demo cohort and the demo accounts; True where it did."""
        from services.demo import cohort

        if not self.settings.demo or self.remote:  # made-up patients have no place on a clinic's server
            return False
        if self.repository.search("Patient", [("_count", "1")]).matches:
            return False
        if self.accounts.list():  # somebody's real, still empty installation
            return False
        resources = cohort(dt.datetime.now(dt.UTC).date())
        with self.database.write():
            self.repository.write_many(resources, author="System/demo")
            self.accounts.add_demo_accounts()
        clinician = next((m for m in self.accounts.members() if m.role == "clinician"), None)
        if clinician:
            propose(self, clinician)
        log.info("demo cohort written: %d resources", len(resources))
        return True


    def book_demo_day(self) -> None:
        """Today's appointments of the demo cohort, where it is what this record holds."""
        from services.demo import patients
        from services.demo.day import appointments

        first = patients()[0].id
        if self.settings.demo and not self.remote and self.accounts.has_demo_accounts() and self.repository.find(f"Patient/{first}"):
            zone = zoneinfo.ZoneInfo(self.settings.timezone)
            booked = list(appointments(dt.datetime.now(zone).date(), zone))
            if self.repository.find(f"Appointment/{booked[0]['id']}") is None:
                self.repository.write_many(booked, author="System/demo")


@functools.lru_cache(maxsize=1)
def system() -> System:
    """This process's system."""
    return System(settings())


def _provider(config: Settings) -> Provider | None:
    if not config.oidc_issuer:
        return None
    secret = config.oidc_client_secret.get_secret_value() if config.oidc_client_secret else ""
    return Provider(config.oidc_issuer, config.oidc_client_id or "", secret, config.oidc_audience or "")
