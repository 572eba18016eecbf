/*
 * Moves bytes through one TCP connection to the host, which counts them and holds the watch. Blocks are as large as those of
 * iperf3. Arguments: the port to receive from, the port to send to, and how many bytes to send.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK (128 << 10)

static char block[BLOCK];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int call(const char *port)
{
    struct sockaddr_in to;
    int s = socket(AF_INET, SOCK_STREAM, 0);

    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons(atoi(port));
    to.sin_addr.s_addr = inet_addr("10.0.2.2");
    if (s < 0 || connect(s, (struct sockaddr *) &to, sizeof to) != 0)
        fail("connect");
    return s;
}

int main(int argc, char **argv)
{
    long left = argc == 4 ? atol(argv[3]) : 0;
    long got = 0;
    ssize_t n;
    int s;

    if (left == 0)
        return 2;
    s = call(argv[1]);
    while ((n = read(s, block, BLOCK)) > 0)
        got += n;
    if (n < 0)
        fail("read");
    close(s);
    s = call(argv[2]);
    while (left > 0) {
        n = write(s, block, left < BLOCK ? left : BLOCK);
        if (n <= 0)
            fail("write");
        left -= n;
    }
    close(s);
    printf("received %ld bytes\n", got);
    return 0;
}
