# shellcheck shell=bash disable=SC2154
fault() { die "later"; }
