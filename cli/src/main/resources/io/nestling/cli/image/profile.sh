export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root TERM="${TERM:-vt100}" PS1='nestling:\w# '
cd "$HOME"
