/**
 * What a process of Linux does to give way to others, in the words of a shell. Where each session has its share of the
 * cores ("autogroup"), a niceness counts only within a session, and the session has one of its own: so start it detached.
 */
export const YIELDING = '{ echo 15 > /proc/self/autogroup; } 2> /dev/null; exec nice -n 15';
