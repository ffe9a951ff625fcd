"""What it means that Slack did not do something: every error it documents, and what is to be done about each."""

from collections.abc import Mapping
import contextlib
import logging

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError

from bot.chat import NotSent, Remedy, Unsure

__all__ = ["REMEDIES", "asked_to_wait", "judged", "said", "status"]

log = logging.getLogger(__name__)

USUAL_WAIT = 30.0
"""Seconds to wait when Slack asks for it and does not say how long."""

_UNSURE = ("fatal_error", "internal_error", "request_timeout", "service_unavailable", "server_error")
"""With these Slack does not know itself what it did; after reading something they are like "again"."""

# Later: it is Slack that is in trouble, or the workspace is on its way elsewhere.
_AGAIN = (*_UNSURE, "team_added_to_org", "external_channel_migrating", "org_user_not_in_team", "fetch_members_failed")

_WAIT = ("ratelimited", "rate_limited", "message_limit_exceeded")

# This channel or person takes nothing from us: it is gone, closed to us, or we were never let in.
_OFF = """
    channel_not_found not_in_channel is_archived is_inactive user_not_found user_disabled user_not_visible
    cannot_dm_bot messages_tab_disabled restricted_action restricted_action_read_only_channel
    restricted_action_thread_only_channel restricted_action_non_threadable_channel restricted_action_thread_locked
    no_permission no_permission_to_post not_supported method_not_supported_for_channel_type no_channel
    slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked
    slack_connect_blocked_file_type slack_connect_file_upload_sharing_blocked slack_connect_clip_sharing_blocked
    not_allowed_for_grid_workspace cant_invite_self cant_invite user_not_in_channel no_dual_broadcast_content_update
    user_is_bot user_is_restricted user_is_ultra_restricted general_channel_required is_general
    no_external_invite_permission not_reachable users_not_found
""".split()  # noqa: SIM905  # a list to read and to add to

# Nothing goes in this workspace until somebody mends a token, a scope, a plan or a setting.
_STOP = """
    accesslimited account_inactive ekm_access_denied invalid_auth not_authed token_expired token_revoked
    access_denied missing_scope not_allowed_token_type org_login_required team_access_not_granted
    two_factor_setup_required app_missing_action_url enterprise_is_restricted team_not_found missing_post_type
    deprecated_endpoint method_deprecated unknown_method plan_upgrade_required ip_not_allowed cant_kick_from_general
    restricted_app socket_mode_not_enabled invalid_app_id not_enabled comment_required team_quota_exceeded
    user_not_in_team
""".split()  # noqa: SIM905  # a list to read and to add to

# It is about this one message: a person has to look what is wrong with it.
_ASK = """
    no_text as_user_not_supported pagination_not_available streaming_state_conflict users_list_not_supplied
    msg_too_long msg_blocks_too_long too_many_attachments too_many_contact_cards attachment_payload_limit_exceeded
    invalid_blocks invalid_blocks_format invalid_block_id invalid_attachments metadata_too_large
    metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema cannot_reply_to_message
    duplicate_channel_not_found duplicate_message_not_found invalid_arguments invalid_arg_name invalid_arg_value
    invalid_array_arg invalid_charset invalid_form_data invalid_post_type missing_argument invalid_json
    json_not_object upgrade_required message_not_found cant_update_message edit_window_closed block_mismatch
    update_failed external_edit_forbidden is_ephemeral cant_delete_message compliance_exports_prevent_deletion
    thread_not_found cant_broadcast_message invalid_ts_latest invalid_ts_oldest invalid_cursor invalid_limit
    invalid_types too_many_users not_enough_users invalid_user_combination invalid_users user_team_not_in_channel
    trigger_expired trigger_exchanged invalid_trigger_id exchanged_trigger_id expired_trigger_id view_too_large
    duplicate_external_id push_limit_reached hash_conflict not_found already_in_channel no_user ura_max_channels
    failed_for_some_users message_deletion_failed markdown_text_conflict is_bot channel_type_not_supported
    invalid_channel invalid_thread_ts unable_to_deliver cannot_update_message too_many_members
""".split()  # noqa: SIM905  # a list to read and to add to

REMEDIES: Mapping[str, Remedy] = {
    **dict.fromkeys(_ASK, "ask"),
    **dict.fromkeys(_OFF, "off"),
    **dict.fromkeys(_STOP, "stop"),
    **dict.fromkeys(_WAIT, "wait"),
    **dict.fromkeys(_AGAIN, "again"),
}
"""What to do about each of Slack's words for what is wrong."""


def judged(error: Exception, *, posting: bool = True) -> NotSent | Unsure:
    """What became of a call that ended in this error. `posting`: it was to change something, not only to read."""
    if isinstance(error, SlackApiError):
        return _refused(error, posting=posting)
    why = type(error).__name__
    if posting and not isinstance(error, ClientConnectorError):
        return Unsure(why)
    return NotSent(why, "again")


def _refused(error: SlackApiError, *, posting: bool) -> NotSent | Unsure:
    code = said(error)
    if status(error) == 429 or REMEDIES.get(code) == "wait":
        return NotSent("ratelimited", "wait", seconds=asked_to_wait(error) or USUAL_WAIT)
    if status(error) >= 500 or code in _UNSURE or code.startswith("HTTP "):
        # Not Slack's own words: whoever said it, the message may have passed.
        return Unsure(code) if posting else NotSent(code, "again")
    if code not in REMEDIES:
        log.warning("slack: an error nobody knows of: %s", code)
    return NotSent(code, REMEDIES.get(code, "ask"))


def said(error: SlackApiError) -> str:
    """Slack's word for what is wrong; what answers may also be something between us, or no JSON at all."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code or f"HTTP {status(error)}")


def status(error: SlackApiError) -> int:
    """The HTTP status of the answer; 0 when there is none."""
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def asked_to_wait(error: SlackApiError) -> float:
    """Seconds; 0 when Slack asks for nothing."""
    with contextlib.suppress(ValueError, AttributeError, TypeError):
        return max(0.0, float(error.response.headers.get("Retry-After", 0)))
    return 0.0
