"""The published Python management client against the control API. It knows no AI gateway keys."""

import os

import ngrok
from harness import case

POLICY = "on_http_request:\n  - actions:\n      - type: ai-gateway\n"
client = ngrok.Client(os.environ["SUITE_MANAGEMENT_KEY"], os.environ["SUITE_CONTROL"])


def is_gone(service, identifier):
    """Whether getting it raises the client's own error for what does not exist."""
    try:
        service.get(identifier)
    except ngrok.NotFoundError as error:
        assert error.http_status_code == 404, error.http_status_code
        assert error.operation_id.startswith("op_"), error.details
        return True
    return False


def listed(service, **arguments):
    return [one.id for one in service.list(**arguments)]


@case("ngrok-api", "endpoints: create, get, update, list, delete")
def endpoints():
    made = client.endpoints.create(
        url="https://python.example.com", type="cloud", traffic_policy=POLICY, description="made", bindings=["public"])
    client.endpoints.update(made.id, description="changed")
    got = client.endpoints.get(made.id)
    assert (got.description, got.traffic_policy, got.host) == ("changed", POLICY, "python.example.com"), got
    assert made.id in listed(client.endpoints)
    client.endpoints.delete(made.id)
    assert is_gone(client.endpoints, made.id)


@case("ngrok-api", "a policy that does not compile is refused with its line")
def refused():
    try:
        client.endpoints.create(url="https://refused.example.com", type="cloud", traffic_policy="on_http_request: [{}]")
    except ngrok.Error as error:
        assert error.http_status_code == 422, error.http_status_code
        assert "1:" in str(error), error
        return
    raise AssertionError("accepted")


@case("ngrok-api", "API keys: create, get, update, list, delete")
def api_keys():
    made = client.api_keys.create(description="suite")
    assert made.token, "no token"
    client.api_keys.update(made.id, metadata="m")
    got = client.api_keys.get(made.id)
    assert got.metadata == "m" and not got.token, got
    assert made.id in listed(client.api_keys)
    client.api_keys.delete(made.id)
    assert is_gone(client.api_keys, made.id)


@case("ngrok-api", "vaults and secrets: create, get, update, list, delete")
def vaults_and_secrets():
    vault = client.vaults.create(name="python", description="d")
    secret = client.secrets.create(name="token", value="s3cret", vault_id=vault.id)
    client.secrets.update(secret.id, value="other")
    got = client.secrets.get(secret.id)
    assert got.vault.id == vault.id and "other" not in str(got), got
    assert secret.id in listed(client.secrets) and vault.id in listed(client.vaults)
    client.secrets.delete(secret.id)
    assert is_gone(client.secrets, secret.id)
    client.vaults.delete(vault.id)
    assert is_gone(client.vaults, vault.id)


@case("ngrok-api", "IP policies and rules: several pages, filter, delete")
def ip_policies():
    policy = client.ip_policies.create(description="suite")
    rules = [
        client.ip_policy_rules.create(cidr=f"10.{each}.0.0/16", ip_policy_id=policy.id, action="allow").id
        for each in range(5)
    ]
    client.ip_policy_rules.update(rules[0], description="x")
    got = client.ip_policy_rules.get(rules[0])
    assert (got.description, got.cidr, got.ip_policy.id) == ("x", "10.0.0.0/16", policy.id), got
    assert [one for one in listed(client.ip_policy_rules, limit="2") if one in rules] == rules[::-1]
    assert listed(client.ip_policy_rules, filter="obj.cidr == '10.3.0.0/16'") == [rules[3]]
    for each in rules:
        client.ip_policy_rules.delete(each)
    client.ip_policies.delete(policy.id)
    assert is_gone(client.ip_policies, policy.id)
