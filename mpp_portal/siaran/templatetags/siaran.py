"""`{% load siaran %}<body data-mpp-stream="{% stream_url "sesi-17" kanal %}">`"""

from django import template

from mpp_portal.siaran import tokens

register = template.Library()
register.simple_tag(tokens.url, name="stream_url")
