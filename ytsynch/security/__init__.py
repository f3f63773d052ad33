"""What keeps strangers out: rules for browsers (`headers`), limits on tries (`limits`), staff's passwords
(`passwords`), and the change of the keys that encrypt secrets (`key_rotation`).
"""
