"""Addresses of identity: `accounts` (sign-in, under /accounts/), `portal`, `desk` (under /desk/)."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.socialaccount import views as social
from django.urls import path

from yichuang.identity.views import access, agencies, posts, programs, security, unified
from yichuang.identity.views import desk as people
from yichuang.identity.views import portal as me

# Only what works without e-mail; allauth finds its own pages by these names.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", me.sign_up, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/forgotten/", me.forgotten, name="account_reset_password"),
    path("security/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", security.Authenticate.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", security.Activate.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", security.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", security.RecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("unified/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("unified/error/", social.login_error, name="socialaccount_login_error"),
    path("unified/", me.to_profile, name="socialaccount_connections"),
    path("oidc/<str:provider_id>/login/", unified.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", unified.callback, name="openid_connect_callback"),
]

portal = [
    path("my/inbox/", me.inbox, name="inbox"),
    path("my/inbox/read/", me.read_all, name="read_all"),
    path("my/inbox/<int:pk>/", me.notice, name="notice"),
    path("my/act-as/", me.act_as, name="act_as"),
    path("my/profile/", me.profile, name="profile"),
    path("my/profile/preferences/", me.preferences, name="preferences"),
    path("my/profile/export/", me.export, name="export"),
    path("my/profile/erase/", me.erase, name="erase"),
    path("my/profile/verify/", me.verify_again, name="verify_again"),
    path("my/profile/<int:pk>/", me.profile, name="profile_of"),
    path("my/profile/<int:pk>/agents/", agencies.appoint, name="appoint"),
    path("my/agencies/<int:pk>/letter/", agencies.letter, name="letter"),
    path("my/agencies/<int:pk>/end/", agencies.end, name="end_agency"),
    path("my/organisations/add/", me.add_organisation, name="add_organisation"),
]

desk = [
    path("staff/", people.staff, name="staff"),
    path("staff/hire/", people.hire, name="hire"),
    path("staff/<int:pk>/", people.member, name="member"),
    path("staff/<int:pk>/grant/", people.grant, name="grant"),
    path("staff/<int:pk>/grants/<int:grant>/end/", people.end_grant, name="end_grant"),
    path("staff/<int:pk>/<slug:act>/", people.act, name="member_act"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/away/", posts.away, name="away"),
    path("posts/<int:pk>/return/", posts.back, name="back"),
    path("posts/<int:pk>/close/", posts.close, name="close_post"),
    path("clients/", programs.clients, name="clients"),
    path("clients/<int:pk>/revoke/", programs.revoke, name="revoke_client"),
    path("access/", access.looks, name="access"),
    path("access/sign-ins/", access.sign_ins, name="sign_ins"),
    path("people/", access.people, name="people"),
    path("people/claims/<int:pk>/", access.settle, name="settle_claim"),
    path("people/<int:pk>/", access.person, name="person"),
    path("people/<int:pk>/<slug:act>/", access.person_act, name="person_act"),
]
