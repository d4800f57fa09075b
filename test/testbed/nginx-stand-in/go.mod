module aks-provision.test/nginx-stand-in

go 1.26.0
