"""`make local-sam`: the functions in SAM's containers on this machine, with the local server's table and moto's queues, timers and
mail. Ends everything with Ctrl-C.

`local_sam.py --dry` does all of it but the containers: it asks SAM for the environment that it would give to a function, and runs
the function's binary with that under Amazon's runtime emulator.
"""

import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from furnish import CREDENTIALS, REGION, furnish
from moto.server import ThreadedMotoServer
from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = Path(sys.executable).parent
LOOPBACK = "127.0.0.1"
# `make run` has 3000.
PORT = "3001"
# SAM gives a function no variable that the template does not name.
ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB")
NO_DOCKER = """SAM runs functions in containers, and no Docker daemon answers here{reason}.
Start Docker (https://docs.docker.com/get-started/get-docker/), see that `docker info` works, and run this again.
`make run` needs no Docker: the same routers, workers and events in one process. And `make test` runs each function's
binary under the same runtime emulator that SAM puts into its containers."""


def see_docker() -> None:
    """Ends this with what to do, where there is no Docker."""
    if shutil.which("docker") is None:
        sys.exit(NO_DOCKER.format(reason=": there is no `docker`"))
    asked = subprocess.run(["docker", "info"], capture_output=True, text=True)
    if asked.returncode != 0:
        sys.exit(NO_DOCKER.format(reason=f"\n({asked.stderr.strip().splitlines()[-1]})" if asked.stderr.strip() else ""))


def where_containers_see_this() -> tuple[str, str]:
    """An address of this machine to listen at, and by which name containers reach it."""
    wanted = ["docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"]
    gateway = subprocess.run(wanted, capture_output=True, text=True).stdout.strip()
    with contextlib.suppress(OSError), socket.socket() as trial:
        trial.bind((gateway, 0))
        return gateway, gateway
    # Docker Desktop's containers run in a machine of their own, and it leads this name to this one's loopback.
    return LOOPBACK, "host.docker.internal"


@contextlib.contextmanager
def local_server() -> Iterator[dict[str, str]]:
    """The local server, and where its parts are: `ready` and `database` among them."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    process = subprocess.Popen([target / "debug/hourkeep"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        places = {}
        for line in process.stdout:
            name, _, place = line.strip().partition(" ")
            places[name] = place.strip()
            if name == "Ctrl-C":
                break
        else:
            sys.exit("The local server did not start.")
        yield places
    finally:
        process.terminate()
        process.communicate()


@contextlib.contextmanager
def moto(address: str) -> Iterator[str]:
    """A moto server at this address, on a free port: its URL."""
    server = ThreadedMotoServer(ip_address=address, port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


class Pass(socketserver.BaseRequestHandler):
    """Passes a connection on, both ways, until either side ends it."""

    def handle(self) -> None:
        with socket.create_connection(self.server.to) as there:
            threading.Thread(target=self.copy, args=(self.request, there), daemon=True).start()
            self.copy(there, self.request)

    @staticmethod
    def copy(here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                there.sendall(data)
            there.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def seen_at(address: str, url: str) -> Iterator[str]:
    """The same server at another address of this machine: its port there."""
    host, port = url.removeprefix("http://").split(":")
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer((address, 0), Pass) as server:
        server.to = (host, int(port))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield str(server.server_address[1])
        server.shutdown()


def request(url: str, body: dict, token: str | None = None) -> dict:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        return json.load(answer)


def let_in_whom_samples_name(server: str) -> None:
    """Makes the bearer of the samples' tokens a director of the demo practice."""
    event = json.loads((ROOT / "events/http-schedule.json").read_text())
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    ada = request(f"{server}/local/token", {"as": "ada@demo.test"})["access_token"]
    member = {"issuer": claims["iss"], "subject": claims["sub"], "name": "Whom the samples name", "role": "director"}
    with contextlib.suppress(urllib.error.HTTPError):  # Made before: 409.
        request(f"{server}/v1/members", member, ada)


def write_for_sam(template: Path, variables: dict[str, str], folder: Path) -> tuple[Path, Path]:
    """The template with the variables that only this machine has, and the file of their values for `--env-vars`."""
    parsed = yaml_parse(template.read_text())
    parsed["Globals"]["Function"]["Environment"]["Variables"] |= dict.fromkeys(ENDPOINTS, "")
    local, values = folder / "local.json", folder / "local-env.json"
    local.write_text(json.dumps(parsed, indent=2))
    values.write_text(json.dumps({"Parameters": variables}, indent=2))
    return local, values


def environment_by_sam(template: Path, values: Path, function: str) -> dict[str, str]:
    """What SAM would give to a function."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(template))
    functions = SamFunctionProvider(stacks)
    values_given = json.loads(values.read_text())
    runner = LocalLambdaRunner(None, functions, str(ROOT), str(ROOT), aws_region=REGION, env_vars_values=values_given)
    return runner._make_env_vars(functions.get(function)).resolve()


def invoke(binary: Path, environment: dict[str, str], event: bytes) -> dict:
    """What a function answers under the emulator that SAM puts into its containers."""
    import samcli.local.docker

    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    emulator = Path(samcli.local.docker.__file__).parent.parent / f"rapid/aws-lambda-rie-{machine}"
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind((LOOPBACK, 0))
            ports.append(f"{LOOPBACK}:{free.getsockname()[1]}")
    command = [emulator, "--runtime-interface-emulator-address", ports[0], "--runtime-api-address", ports[1], binary]
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr)
    try:
        url = f"http://{ports[0]}/2015-03-31/functions/function/invocations"
        for _ in range(200):
            try:
                with urllib.request.urlopen(url, event) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                sys.exit(f"The function did not answer: {error}")
            except urllib.error.URLError:  # Not yet.
                time.sleep(0.05)
        sys.exit("The emulator does not listen.")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def dry() -> None:
    """Everything but the containers."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    with local_server() as server, moto(LOOPBACK) as others, seen_at(LOOPBACK, server["database"]) as port:
        let_in_whom_samples_name(server["ready"])
        variables = furnish(others) | {"AWS_ENDPOINT_URL_DYNAMODB": f"http://{LOOPBACK}:{port}"}
        files = write_for_sam(ROOT / "infra/template.yaml", variables, target / "tools")
        environment = environment_by_sam(*files, "Rest")
        answer = invoke(target / "debug/api", environment, (ROOT / "events/http-list-memberships.json").read_bytes())
        print(json.dumps(answer, indent=2))
        if answer.get("statusCode") != 200 or "practice_id" not in answer.get("body", ""):
            sys.exit("The function did not find whom the sample names.")


def main() -> None:
    """The containers and all that they reach."""
    see_docker()
    arch = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    overrides = ["--parameter-overrides", f"Architecture={arch}"]
    sam = TOOLS / "sam"
    subprocess.run(["sh", "infra/tools/build.sh", arch], cwd=ROOT, check=True)
    subprocess.run([sam, "build", "--template-file", "infra/template.yaml", *overrides], cwd=ROOT, check=True)
    built = ROOT / ".aws-sam/build"
    address, name = where_containers_see_this()
    with local_server() as server, moto(address) as others, seen_at(address, server["database"]) as port:
        let_in_whom_samples_name(server["ready"])
        variables = furnish(others, others.replace(address, name)) | {"AWS_ENDPOINT_URL_DYNAMODB": f"http://{name}:{port}"}
        template, values = write_for_sam(built / "template.yaml", variables, built)
        what = [f"--template-file={template}", f"--env-vars={values}", f"--region={REGION}", *overrides]
        print(f"The local server is at {server['ready']}: what functions commit, it hands on and mails (its mailbox shows it).")
        print("A sample by hand, with the claims of its token:")
        print(f"    {sam} local invoke Rest --event events/http-usage.json {' '.join(what)}")
        with contextlib.suppress(KeyboardInterrupt):
            subprocess.run([sam, "local", "start-api", "--port", PORT, "--warm-containers", "LAZY", *what], cwd=ROOT)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # SAM hands credentials to functions: nobody's own.
    os.environ.pop("AWS_PROFILE", None)
    os.environ.update(CREDENTIALS)
    dry() if sys.argv[1:] == ["--dry"] else main()
