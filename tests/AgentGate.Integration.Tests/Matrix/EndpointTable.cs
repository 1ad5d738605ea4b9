namespace AgentGate.Integration.Tests.Matrix;

/// <summary>
/// Every endpoint, one a line: what it needs, and the status to each caller who has it not. To add one: run EveryEndpointTests, read the line
/// it prints, and put it here if it says what must hold. (dev) marks what exists, or is so, in the
/// development environment only, (prod) in any other.
/// </summary>
internal static class EndpointTable
{
    public const string Text = """
        # method, route                              | needs                        | nobody role scope key tenant expired revoked password stale
        GET    /                                     | anonymous                    | open open open open open open open open open
        GET    /api/health                           | anonymous                    | open open open open open open open open open
        GET    /api/health/distributed               | anonymous                    | open open open open open open open open open
        GET    /api/health/distributed/services      | metrics:read operator        | 401 403 403 open 403 401 401 403 open
        GET    /health/live                          | anonymous                    | open open open open open open open open open
        GET    /health/ready                         | anonymous                    | open open open open open open open open open
        GET    /health/liveness                      | anonymous                    | open open open open open open open open open
        GET    /health/readiness                     | anonymous                    | open open open open open open open open open
        GET    /.well-known/agentgate/keys.json      | anonymous                    | open open open open open open open open open
        GET    /.well-known/agentgate/log.vkey       | anonymous                    | open open open open open open open open open
        GET    /tlog/{tenant}/vkey                   | anonymous                    | open open open open open open open open open
        GET    /tlog/{tenant}/checkpoint             | anonymous                    | open open open open open open open open open
        GET    /tlog/{tenant}/tile/{**path}          | anonymous                    | open open open open open open open open open

        # Signing in.
        GET    /.well-known/jwks.json                | anonymous                    | open open open open open open open open open
        POST   /api/auth/login                       | anonymous                    | open open open open open open open open open
        POST   /api/auth/refresh                     | anonymous                    | open open open open open open open open open
        GET    /api/auth/providers                   | anonymous                    | open open open open open open open open open
        GET    /api/auth/captcha                     | anonymous                    | open open open open open open open open open
        GET    /api/setup/status                     | anonymous                    | open open open open open open open open open
        POST   /api/setup/complete                   | anonymous                    | open open open open open open open open open
        POST   /api/auth/register                    | anonymous                    | open open open open open open open open open
        POST   /api/auth/check-mfa                   | anonymous                    | open open open open open open open open open
        POST   /api/auth/revoke                      | user before-password         | 401 - - 403 - 401 401 open open
        GET    /api/auth/me                          | user before-password         | 401 - - 403 - 401 401 open open
        POST   /api/auth/password                    | user before-password         | 401 - - 403 - 401 401 open open
        GET    /api/auth/sessions                    | user                         | 401 - - 403 - 401 401 403 open
        DELETE /api/auth/sessions                    | user                         | 401 - - 403 - 401 401 403 open
        DELETE /api/auth/sessions/{id}               | user                         | 401 - - 403 404 401 401 403 open
        POST   /api/auth/admin/revoke-user-sessions/{user_id} | user:update                  | 401 403 403 open 404 401 401 403 open
        GET    /api/auth/context                     | caller                       | 401 - - open - 401 401 403 open
        POST   /api/auth/context/evaluate            | caller                       | 401 - - open - 401 401 403 open
        GET    /api/auth/mcp-access                  | caller                       | 401 - - open - 401 401 403 open
        POST   /api/invitations                      | user:create fresh            | 401 403 403 403 - 401 401 403 401
        GET    /api/invitations                      | user:create                  | 401 403 403 open - 401 401 403 open
        DELETE /api/invitations/{id}                 | user:create                  | 401 403 403 open 404 401 401 403 open

        POST   /api/auth/passkey/login-start         | anonymous                    | open open open open open open open open open
        POST   /api/auth/passkey/login-finish        | anonymous                    | open open open open open open open open open
        GET    /.well-known/security.txt             | anonymous                    | open open open open open open open open open
        GET    /api/auth/mfa/status                  | user                         | 401 - - 403 - 401 401 403 open
        POST   /api/auth/enable-2fa                  | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/mfa/enable                  | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/disable-2fa                 | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/regenerate-backup-codes     | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/verify-2fa                  | user                         | 401 - - 403 - 401 401 403 open
        POST   /api/auth/step-up                     | user                         | 401 - - 403 - 401 401 403 open
        POST   /api/auth/step-up/passkey-start       | user                         | 401 - - 403 - 401 401 403 open
        POST   /api/auth/passkey/register-start      | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/passkey/register-finish     | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/passkey/register            | user fresh                   | 401 - - 403 - 401 401 403 401
        GET    /api/auth/passkey/list                | user                         | 401 - - 403 - 401 401 403 open
        PATCH  /api/auth/passkey/{id}                | user                         | 401 - - 403 404 401 401 403 open
        DELETE /api/auth/passkey/{id}                | user fresh                   | 401 - - 403 404 401 401 403 401
        POST   /api/auth/device/code                 | anonymous                    | open open open open open open open open open
        POST   /api/auth/device/token                | anonymous                    | open open open open open open open open open
        GET    /api/auth/oidc/{provider}/start       | anonymous                    | open open open open open open open open open
        GET    /api/auth/oidc/{provider}/callback    | anonymous                    | open open open open open open open open open
        POST   /api/auth/exchange                    | anonymous                    | open open open open open open open open open
        POST   /api/auth/device/authorize            | user fresh                   | 401 - - 403 - 401 401 403 401
        POST   /api/auth/device/deny                 | user                         | 401 - - 403 - 401 401 403 open
        GET    /api/auth/device/status/{user_code}   | user                         | 401 - - 403 - 401 401 403 open

        # Hardening: the operator's.
        GET    /api/security/blocked-addresses       | security_threat:read operator | 401 - 403 open 403 401 401 403 open
        DELETE /api/security/blocked-addresses/{id}  | security_threat:update operator fresh-users | 401 403 403 open 403 401 401 403 401
        GET    /api/security/threats/blocked-ips     | security_threat:read operator | 401 - 403 open 403 401 401 403 open
        DELETE /api/security/threats/blocked-ips/{id} | security_threat:update operator fresh-users | 401 403 403 open 403 401 401 403 401
        POST   /api/security/blocked-addresses       | security_threat:update operator | 401 403 403 open 403 401 401 403 open
        GET    /api/alerts                           | config:read operator         | 401 403 403 open 403 401 401 403 open
        POST   /api/alerts/test                      | config:update operator       | 401 403 403 open 403 401 401 403 open

        # Public in development, for admins elsewhere.
        GET    /openapi.json (dev)                   | anonymous                    | open open open open open open open open open
        GET    /docs/api-reference (dev)             | anonymous                    | open open open open open open open open open
        GET    /api/reference (dev)                  | anonymous                    | open open open open open open open open open
        GET    /docs/api-reference/scalar.js (dev)   | anonymous                    | open open open open open open open open open
        GET    /openapi.json (prod)                  | config:update                | 401 403 403 open - 401 401 403 open
        GET    /docs/api-reference (prod)            | config:update                | 401 403 403 open - 401 401 403 open
        GET    /api/reference (prod)                 | config:update                | 401 403 403 open - 401 401 403 open
        GET    /docs/api-reference/scalar.js (prod)  | config:update                | 401 403 403 open - 401 401 403 open

        # The doors.
        POST   /v1/chat/completions                  | doors                        | 401 403 403 open - 401 401 403 open
        POST   /v1/responses                         | doors                        | 401 403 403 open - 401 401 403 open
        POST   /v1/embeddings                        | doors                        | 401 403 403 open - 401 401 403 open
        POST   /v1/messages                          | doors                        | 401 403 403 open - 401 401 403 open
        POST   /v1/messages/count_tokens             | doors                        | 401 403 403 open - 401 401 403 open
        GET    /v1/models                            | doors                        | 401 403 403 open - 401 401 403 open
        GET    /v1/models/{**id}                     | doors                        | 401 403 403 open 404 401 401 403 open

        # The log, traces, budgets, metrics.
        GET    /api/audit                            | audit:read                   | 401 403 403 open - 401 401 403 open
        POST   /api/audit/verify-chain               | audit:verify                 | 401 403 403 open - 401 401 403 open
        GET    /api/audit/export                     | audit:export                 | 401 403 403 open - 401 401 403 open
        GET    /tlog/{tenant}/tile/entries/{**path}  | audit:read                   | 401 403 403 open 404 401 401 403 open
        GET    /api/security/transparency-log        | audit:read                   | 401 403 403 open - 401 401 403 open
        POST   /api/security/transparency-log/verify | audit:read                   | 401 403 403 open - 401 401 403 open
        GET    /api/security/evidence/chain/{id}     | audit:read                   | 401 403 403 open 404 401 401 403 open
        GET    /api/traces                           | trace:read                   | 401 403 403 open - 401 401 403 open
        GET    /api/traces/latest                    | trace:read                   | 401 403 403 open - 401 401 403 open
        GET    /api/traces/{id}                      | trace:read                   | 401 403 403 open 404 401 401 403 open
        GET    /api/transactions                     | trace:read                   | 401 403 403 open - 401 401 403 open
        GET    /api/transactions/{id}                | trace:read                   | 401 403 403 open 404 401 401 403 open
        GET    /api/budgets                          | budgets:read                 | 401 403 403 open - 401 401 403 open
        GET    /metrics                              | metrics:read operator        | 401 403 403 open 403 401 401 403 open

        # Policies.
        GET    /api/policies                         | policies:read                | 401 403 403 open - 401 401 403 open
        POST   /api/policies                         | policies:write fresh-users | 401 403 403 open - 401 401 403 401
        GET    /api/policies/active                  | policies:read                | 401 403 403 open - 401 401 403 open
        GET    /api/policies/schema                  | policies:read                | 401 403 403 open - 401 401 403 open
        GET    /api/policies/history                 | policies:read                | 401 403 403 open - 401 401 403 open
        POST   /api/policies/import                  | policies:read                | 401 403 403 open - 401 401 403 open
        POST   /api/policies/validate                | policies:read                | 401 403 403 open - 401 401 403 open
        POST   /api/policies/roll-back               | policies:write fresh-users | 401 403 403 open - 401 401 403 401
        DELETE /api/policies/shadow                  | policies:write               | 401 403 403 open - 401 401 403 open
        GET    /api/policies/{id}                    | policies:read                | 401 403 403 open 404 401 401 403 open
        PUT    /api/policies/{id}                    | policies:write fresh-users | 401 403 403 open 404 401 401 403 401
        DELETE /api/policies/{id}                    | policies:write               | 401 403 403 open 404 401 401 403 open
        POST   /api/policies/{id}/validate           | policies:read                | 401 403 403 open 404 401 401 403 open
        POST   /api/policies/{id}/shadow             | policies:write               | 401 403 403 open 404 401 401 403 open
        POST   /api/policies/{id}/activate           | policies:write fresh-users | 401 403 403 open 404 401 401 403 401

        # Decisions, grants, honey tokens, safety nodes.
        POST   /api/security/admissibility/evaluate  | admissibility:evaluate       | 401 403 403 open - 401 401 403 open
        GET    /api/security/admissibility/runtime-status | admissibility:evaluate  | 401 403 403 open - 401 401 403 open
        POST   /api/security/counterfactual/verify   | admissibility:evaluate       | 401 403 403 open - 401 401 403 open
        POST   /api/security/formal/verify           | admissibility:evaluate       | 401 403 403 open - 401 401 403 open
        GET    /api/security/formal/evidence         | admissibility:evaluate       | 401 403 403 open - 401 401 403 open
        GET    /api/security/certificates/lookup     | certificates:read            | 401 403 403 open - 401 401 403 open
        GET    /api/security/certificates/stats      | certificates:read            | 401 403 403 open - 401 401 403 open
        GET    /api/security/certificates/{id}       | certificates:read            | 401 403 403 open 404 401 401 403 open
        GET    /api/security/certificates/{id}/bundle | certificates:read           | 401 403 403 open 404 401 401 403 open
        POST   /api/security/certificate/verify      | certificates:read            | 401 403 403 open - 401 401 403 open
        DELETE /api/security/evidence/subjects/{principal} | evidence:erase fresh | 401 403 403 403 404 401 401 403 401
        POST   /api/security/delegation/issue        | delegation:write fresh-users | 401 403 403 open - 401 401 403 401
        POST   /api/security/delegation/revoke       | delegation:write             | 401 403 403 open - 401 401 403 open
        GET    /api/security/delegations             | delegation:read              | 401 403 403 open - 401 401 403 open
        GET    /api/security/delegations/{id}        | delegation:read              | 401 403 403 open 404 401 401 403 open
        GET    /api/security/global-revocations      | delegation:read              | 401 403 403 open - 401 401 403 open
        GET    /api/approvals                        | approval:read                | 401 403 403 open - 401 401 403 open
        GET    /api/approvals/pending                | approval:read                | 401 403 403 open - 401 401 403 open
        GET    /api/approvals/pending/count          | approval:read                | 401 403 403 open - 401 401 403 open
        GET    /api/approvals/{id}                   | approval:read                | 401 403 403 open 404 401 401 403 open
        POST   /api/approvals/{id}/decide            | approval:decide fresh        | 401 403 403 403 404 401 401 403 401
        GET    /api/guardrails                       | guardrails:read              | 401 403 403 open - 401 401 403 open
        POST   /api/guardrails/{policy_id}/reset     | guardrails:write fresh-users | 401 403 403 open 404 401 401 403 401
        POST   /api/security/honey-tokens            | deception:write              | 401 403 403 open - 401 401 403 open
        GET    /api/security/honey-tokens            | deception:read               | 401 403 403 open - 401 401 403 open
        DELETE /api/security/honey-tokens/{id}       | deception:write fresh-users | 401 403 403 open 404 401 401 403 401
        GET    /api/security/honey-tokens/triggers   | deception:read               | 401 403 403 open - 401 401 403 open
        POST   /api/security/honey-tokens/principals/{id}/clear | deception:write fresh-users | 401 403 403 open 404 401 401 403 401
        GET    /api/security/safety-nodes            | nodes:read                   | 401 403 403 open - 401 401 403 open
        POST   /api/security/safety-nodes            | nodes:write fresh-users | 401 403 403 open - 401 401 403 401
        DELETE /api/security/safety-nodes/{id}       | nodes:write fresh-users | 401 403 403 open 404 401 401 403 401

        # Users, keys, permissions, settings.
        GET    /api/users                            | user:read                    | 401 403 403 open - 401 401 403 open
        POST   /api/users                            | user:create fresh            | 401 403 403 403 - 401 401 403 401
        GET    /api/users/{id}                       | user:read                    | 401 403 403 open 404 401 401 403 open
        PATCH  /api/users/{id}                       | user:update fresh            | 401 403 403 403 404 401 401 403 401
        DELETE /api/users/{id}                       | user:delete fresh            | 401 403 403 403 404 401 401 403 401
        GET    /api/auth/api-keys/capabilities       | keys:own user                | 401 403 403 403 - 401 401 403 open
        POST   /api/auth/api-keys                    | keys:own user fresh          | 401 403 403 403 - 401 401 403 401
        GET    /api/auth/api-keys                    | keys:own user                | 401 403 403 403 - 401 401 403 open
        DELETE /api/auth/api-keys/{id}               | keys:own user                | 401 403 403 403 404 401 401 403 open
        GET    /api/auth/api-keys/admin/all          | keys:manage                  | 401 403 403 open - 401 401 403 open
        GET    /api/pii/permissions/available        | caller                       | 401 - - open - 401 401 403 open
        GET    /api/pii/permissions                  | user:update                  | 401 403 403 open - 401 401 403 open
        POST   /api/pii/permissions                  | user:update fresh            | 401 403 403 403 - 401 401 403 401
        DELETE /api/pii/permissions/{id}             | user:update fresh            | 401 403 403 403 404 401 401 403 401
        GET    /api/settings                         | config:read                  | 401 403 403 open - 401 401 403 open
        PUT    /api/settings                         | config:update fresh-users | 401 403 403 open - 401 401 403 401

        # The development environment, and the pages.
        GET    /api/demo/received (dev)              | demo:read                    | 401 403 403 open - 401 401 403 open
        POST   /api/sign-in-links (dev)              | pages:link                   | 401 403 403 open - 401 401 403 open
        POST   /sign-out                             | page before-password         | 401 - - 401 - 401 401 open -
        *      /playground (dev)                     | page                         | 401 - - 401 - 401 401 403 -
        *      /playground (prod)                    | refused                      | 404 404 404 404 404 404 404 404 404
        *      /account                              | page before-password         | 401 - - 401 - 401 401 open -
        *      /users                                | page                         | 401 - - 401 - 401 401 403 -
        *      /roles                                | page                         | 401 - - 401 - 401 401 403 -
        *      /keys                                 | page                         | 401 - - 401 - 401 401 403 -
        *      /device                               | page                         | 401 - - 401 - 401 401 403 -
        *      /_blazor*                             | page                         | 401 - - 401 - 401 401 403 -
        *      /_framework/*                         | page                         | 401 - - 401 - 401 401 403 -

        # Open pages, and the files of all pages.
        *      /sign-in                              | anonymous                    | open open open open open open open open open
        *      /register                             | anonymous                    | open open open open open open open open open
        *      /setup                                | anonymous                    | open open open open open open open open open
        POST   /sign-in/link (dev)                   | anonymous                    | 401 - - - - 401 401 - -
        *      _content/*                            | anonymous                    | open open open open open open open open open
        *      _framework/*                          | anonymous                    | open open open open open open open open open
        *      AgentGate.Server.*                    | anonymous                    | open open open open open open open open open
        """;
}
