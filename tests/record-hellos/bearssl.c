/* PORT: sends the hello of BearSSL's full profile, as microcontrollers have it. */
#include <bearssl.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int receive(void *descriptor, unsigned char *to, size_t length) { return read(*(int *)descriptor, to, length) ?: -1; }

static int transmit(void *descriptor, const unsigned char *from, size_t length) { return write(*(int *)descriptor, from, length); }

int main(int count, char **arguments)
{
    static br_ssl_client_context client;
    static br_x509_minimal_context verifier;
    static br_sslio_context io;
    static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];
    struct sockaddr_in server = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    server.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    if (connect(descriptor, (struct sockaddr *)&server, sizeof server))
        return 1;
    br_ssl_client_init_full(&client, &verifier, 0, 0);
    br_ssl_engine_set_buffer(&client.eng, buffer, sizeof buffer, 1);
    br_ssl_client_reset(&client, "mail.example.org", 0);
    br_sslio_init(&io, &client.eng, receive, &descriptor, transmit, &descriptor);
    return br_sslio_flush(&io) < 0;
}
