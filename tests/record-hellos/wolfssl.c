/* PORT: sends the hello of wolfSSL at its defaults. */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int count, char **arguments)
{
    static const char name[] = "mail.example.org";
    struct sockaddr_in server = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    server.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    wolfSSL_Init();
    WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfSSLv23_client_method());
    WOLFSSL *ssl = wolfSSL_new(context);
    wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, name, sizeof name - 1);
    if (connect(descriptor, (struct sockaddr *)&server, sizeof server))
        return 1;
    wolfSSL_set_fd(ssl, descriptor);
    return wolfSSL_connect(ssl) != SSL_SUCCESS;
}
