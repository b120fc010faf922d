"""People, organisations, departments, divisions, roles, sign-in.

Words: Division (行政区划), Department (部门), Account (账户, what signs in), Staff (工作人员), Post (岗位)
with A and B staff, RoleGrant (角色授权), Applicant (申请人/相对人: a natural person or an organisation), Verification
(实名核验: an account's claim to be one), Agency (代理/法定代表关系), Client (接入系统), Notice (消息).
Not here: what anybody may do with a case or an item; each package above keeps the gate of its own objects.
"""
