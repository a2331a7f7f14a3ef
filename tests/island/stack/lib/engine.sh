# shellcheck shell=bash disable=SC2154
engine() { die "later"; }
