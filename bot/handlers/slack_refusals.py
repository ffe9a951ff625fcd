"""What it means that Slack did not do something: every error it documents, and what is to be done about each."""

from collections.abc import Mapping
import contextlib
import logging
import math
import re
from typing import Any

from aiohttp import ClientConnectorError, ConnectionTimeoutError
from slack_sdk.errors import SlackApiError

from bot.chat import NotSent, Remedy, Unsure

__all__ = ["REMEDIES", "asked_to_wait", "judged", "said", "status"]

log = logging.getLogger(__name__)

USUAL_WAIT = 30.0
"""Seconds to wait when Slack asks for it and does not say how long."""
LONGEST_WAIT = 86400.0
"""Seconds; whoever asks for more than a day is not Slack."""
NEVER_ARRIVED = (ClientConnectorError, ConnectionTimeoutError)
"""Errors of a request that nobody can have read: safe to send again."""
CODE = re.compile("[a-z][a-z0-9_]{1,63}")
"""What Slack's words look like; what else answers may say anything, also what people wrote."""

# With these Slack does not know itself what it did; after reading something they are like "again".
_UNSURE = "fatal_error internal_error request_timeout service_unavailable server_error".split()  # noqa: SIM905  # as below

# Later: Slack is in trouble, or what it is about is on its way to elsewhere.
_AGAIN = """
    team_added_to_org external_channel_migrating channel_conversion_in_progress streaming_state_conflict update_failed
    fetch_members_failed list_record_comment_fetch_failed
""".split()  # noqa: SIM905  # a list to read and to add to

# Too much or too fast; each method has a name of its own for it.
_WAIT = "ratelimited rate_limited ratelimit message_limit_exceeded".split()  # noqa: SIM905  # as above

# This channel or person takes nothing from us, whatever it is: gone, closed to us, or we were never let in. What only a
# thread refuses is not here: all that waits for the channel would be dropped.
_OFF = """
    channel_not_found not_in_channel is_archived is_inactive channel_is_limited_access no_permission restricted_action
    restricted_action_read_only_channel restricted_action_thread_only_channel user_not_in_channel user_not_found
    user_disabled user_not_visible invalid_user_combination cannot_dm_bot
""".split()  # noqa: SIM905  # as above

# Nothing goes in this workspace until somebody mends a token, a scope or a setting of the workspace or of the app.
_STOP = """
    not_authed invalid_auth account_inactive token_expired token_revoked missing_scope not_allowed_token_type
    missing_args is_bot access_denied accesslimited ekm_access_denied enterprise_is_restricted forbidden_team
    org_login_required team_access_not_granted two_factor_setup_required messages_tab_disabled deprecated_endpoint
    method_deprecated unknown_method
""".split()  # noqa: SIM905  # as above

# It is about what this message says or carries.
_MESSAGE = """
    no_text msg_too_long msg_blocks_too_long too_many_attachments too_many_contact_cards invalid_attachments
    attachment_payload_limit_exceeded invalid_blocks invalid_blocks_format block_mismatch markdown_text_conflict
    metadata_too_large metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema
    as_user_not_supported duplicate_channel_not_found duplicate_message_not_found draft_already_deleted
    draft_already_sent draft_has_conflict draft_not_found missing_file_data blocked_file_type file_deleted
    file_is_deleted file_not_found file_share_limit_reached max_file_sharing_exceeded unable_to_share_files
    posting_to_channel_denied slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked
    slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked
    slack_connect_lists_sharing_blocked
""".split()  # noqa: SIM905  # as above

# It is about the thread it belongs in, or the message in whose place it was to come; the channel takes others.
_PLACE = """
    thread_not_found cannot_reply_to_message restricted_action_thread_locked restricted_action_non_threadable_channel
    cant_broadcast_message no_dual_broadcast_content_update message_not_found cant_update_message edit_window_closed
    cant_delete_message compliance_exports_prevent_deletion
""".split()  # noqa: SIM905  # as above

# We asked for it in a wrong way: a mistake in the bot or in an address.
_CALL = """
    invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_post_type
    missing_post_type missing_argument insecure_request invalid_cursor invalid_limit invalid_types invalid_timestamp
    invalid_ts_latest invalid_ts_oldest invalid_metadata_filter_keys pagination_not_available team_not_found
    method_not_supported_for_channel_type not_supported not_implemented users_list_not_supplied no_user
    not_enough_users too_many_users duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id
    view_too_large
""".split()  # noqa: SIM905  # as above

# It is about making, naming, sharing and leaving channels, which the bot does not do: who made it do so has to look.
_MANAGING = """
    already_approved already_archived already_in_channel approval_inactive approval_not_found canvas_creation_failed
    canvas_disabled_user_team canvas_tab_creation_failed cannot_create_channel cannot_share_cross_workspace_channel
    cannot_share_mandatory_channel cant_archive_general cant_archive_required cant_invite cant_invite_self
    cant_kick_from_general cant_kick_self cant_leave_general channel_archived channel_canvas_already_exists
    channel_canvas_creation_failed connection_limit_exceeded connection_limit_exceeded_pending email_does_not_match
    failed_to_start_trial free_team_canvas_tab_already_exists has_already_connected_to_org inactive_invite
    invalid_action invalid_channel_type invalid_email invalid_emoji_not_allowed invalid_host_team invalid_link
    invalid_name invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials
    invalid_privacy invalid_recipient_team invalid_target_team invite_already_approved invite_already_denied
    invite_expired invite_from_same_org invite_lookup_error invite_not_found invite_used invitee_cant_see_channel
    is_pending_connected_to_org last_member legacy_connection_invalid_org legacy_connection_limit_exceeded
    member_limit_exceeded message_too_long missing_target_team name_taken no_channel no_external_invite_permission
    not_allowed_for_grid_workspace not_archived not_authorized not_owner not_paid not_permitted org_user_not_in_team
    recipients_not_specified team_tier_cannot_create_channel_canvases too_long too_many_emails too_many_members
    ura_max_channels url_in_message user_cannot_create_channel user_does_not_own_channel user_is_restricted
    user_required_to_accept_as_private_but_cannot
""".split()  # noqa: SIM905  # as above

REMEDIES: Mapping[str, Remedy] = {
    **dict.fromkeys(_UNSURE, "again"),
    **dict.fromkeys(_AGAIN, "again"),
    **dict.fromkeys(_WAIT, "wait"),
    **dict.fromkeys(_OFF, "off"),
    **dict.fromkeys(_STOP, "stop"),
    **dict.fromkeys((*_MESSAGE, *_PLACE, *_CALL, *_MANAGING), "ask"),
}
"""What to do about each of Slack's words for what is wrong."""


def judged(error: Exception, *, posting: bool = True) -> NotSent | Unsure:
    """What became of a call that ended in this error. `posting`: it was to change something, not only to read."""
    if isinstance(error, SlackApiError):
        return _refused(error, posting=posting)
    why = type(error).__name__
    if posting and not isinstance(error, NEVER_ARRIVED):
        return Unsure(why)
    return NotSent(why, "again")


def _refused(error: SlackApiError, *, posting: bool) -> NotSent | Unsure:
    code = said(error)
    if status(error) == 429 or REMEDIES.get(code) == "wait":
        why = code if REMEDIES.get(code) == "wait" else "ratelimited"
        return NotSent(why, "wait", seconds=asked_to_wait(error) or USUAL_WAIT)
    if status(error) >= 500 or code in _UNSURE or code.startswith("HTTP "):
        # Not Slack's own words: whoever said it, the message may have passed.
        return Unsure(code) if posting else NotSent(code, "again")
    if code not in REMEDIES:
        log.warning("slack: an error nobody knows of: %s", code)
    return NotSent(code, REMEDIES.get(code, "ask"))


def said(error: SlackApiError) -> str:
    """Slack's word for what is wrong, or the HTTP status: what answers may be something between us, or no JSON."""
    code = _told(error).get("error")
    return code if isinstance(code, str) and CODE.fullmatch(code) else f"HTTP {status(error)}"


def _told(error: SlackApiError) -> Mapping[str, Any]:
    told = getattr(error.response, "data", error.response)
    return told if isinstance(told, dict) else {}


def status(error: SlackApiError) -> int:
    """The HTTP status of the answer; 0 when there is none."""
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def asked_to_wait(error: SlackApiError) -> float:
    """Seconds; 0 when Slack asks for nothing, or for nothing that can be counted."""
    with contextlib.suppress(ValueError, AttributeError, TypeError):
        seconds = float(error.response.headers.get("Retry-After", 0))
        return min(max(0.0, seconds), LONGEST_WAIT) if math.isfinite(seconds) else 0.0
    return 0.0
