#!/usr/bin/env -S zsh -f
# SPDX-License-Identifier: Apache-2.0
# zsh_complete.zsh FOLDER TEXT: types TEXT and two tabs into a zsh that completes with FOLDER/_mezz, prints what it shows.
zmodload zsh/zpty || exit 1
zpty shell zsh -f -i
{
    zpty -w shell "PS1='>'; stty -echo; LISTMAX=1000; TERM=dumb; setopt no_auto_menu; unsetopt zle_bracketed_paste"
    zpty -w shell "fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -D; echo set-up-done"
    local shown part
    integer i
    for ((i = 0; i < 100; ++i)) {
        zpty -r -t shell part && shown+=$part
        [[ $shown == *$'\n'set-up-done* ]] && break
        sleep 0.1
    }
    zpty -w -n shell "$2"$'\t\t'
    shown=
    for ((i = 0; i < 20; ++i)) {
        while { zpty -r -t shell part } { shown+=$part }
        sleep 0.1
    }
    print -r -- $shown
} always {
    zpty -d shell
}
